(function () {
  'use strict';
  var all = function (selector, from) {
    return Array.prototype.slice.call((from || document).querySelectorAll(selector));
  };
  var cell = function (row, column) {
    return row.cells[column] ? row.cells[column].textContent.trim() : '';
  };

  var order = new Intl.Collator('en', { numeric: true });

  // Sorting: every heading of a table with more than one row becomes a button.
  var sort = function (table, heading, column) {
    var up = heading.getAttribute('aria-sort') !== 'ascending';
    all('th[aria-sort]', table.tHead).forEach(function (other) {
      other.removeAttribute('aria-sort');
    });
    heading.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    var body = table.tBodies[0];
    var rows = all('tr', body).map(function (row, at) {
      var value = row.cells[column];
      var exact = value && value.getAttribute('data-v');
      return { row: row, at: at, number: exact === null ? NaN : Number(exact), text: cell(row, column).toLowerCase() };
    });
    rows.sort(function (a, b) {
      var by = isNaN(a.number) || isNaN(b.number) ? order.compare(a.text, b.text) : a.number - b.number;
      return (up ? by : -by) || a.at - b.at;
    });
    var sorted = document.createDocumentFragment();
    rows.forEach(function (entry) { sorted.appendChild(entry.row); });
    body.appendChild(sorted);
  };
  all('table').forEach(function (table) {
    if (!table.tBodies[0] || table.tBodies[0].rows.length < 2) { return; }
    all('th', table.tHead).forEach(function (heading, column) {
      var button = document.createElement('button');
      button.type = 'button';
      button.textContent = heading.textContent;
      heading.textContent = '';
      heading.appendChild(button);
      button.addEventListener('click', function () { sort(table, heading, column); });
    });
  });

  // Filtering: of a table's rows by column and text, of cards by their summary.
  all('.filters').forEach(function (group) {
    var target = document.getElementById(group.getAttribute('data-for'));
    if (!target) { return; }
    var body = target.tBodies ? target.tBodies[0] : target;
    var rows = Array.prototype.slice.call(body.children);
    var shown = group.querySelector('.shown');
    var selects = all('select', group);
    var inputs = all('input', group);
    var texts = null;
    selects.forEach(function (select) {
      var column = Number(select.getAttribute('data-column'));
      var known = new Map();
      rows.forEach(function (row) {
        var text = cell(row, column);
        if (!known.has(text)) {
          var exact = row.cells[column] && row.cells[column].getAttribute('data-v');
          known.set(text, exact === null ? NaN : Number(exact));
        }
      });
      Array.from(known).sort(function (a, b) {
        return isNaN(a[1]) || isNaN(b[1]) ? order.compare(a[0], b[0]) : a[1] - b[1];
      }).forEach(function (entry) {
        if (!entry[0]) { return; }
        var option = document.createElement('option');
        option.value = entry[0];
        option.textContent = entry[0];
        select.appendChild(option);
      });
    });
    var tell = function (count) {
      shown.textContent = count + ' of ' + rows.length + ' ' + group.getAttribute('data-what') + ' shown';
    };
    var apply = function () {
      var wanted = selects.filter(function (select) { return select.value; }).map(function (select) {
        return [Number(select.getAttribute('data-column')), select.value];
      });
      var words = inputs.map(function (input) { return input.value.trim().toLowerCase(); }).filter(Boolean);
      if (words.length && !texts) {
        texts = rows.map(function (row) {
          return (row.cells ? row : row.firstElementChild).textContent.toLowerCase();
        });
      }
      var count = 0;
      rows.forEach(function (row, at) {
        var fits = wanted.every(function (pair) { return cell(row, pair[0]) === pair[1]; }) &&
          words.every(function (word) { return texts[at].indexOf(word) >= 0; });
        if (row.hidden === fits) { row.hidden = !fits; }
        if (fits) { count += 1; }
      });
      tell(count);
    };
    var timer = 0;
    inputs.forEach(function (input) {
      input.addEventListener('input', function () {
        clearTimeout(timer);
        timer = setTimeout(apply, 120);
      });
    });
    selects.forEach(function (select) { select.addEventListener('change', apply); });
    group.querySelector('button').addEventListener('click', function () {
      selects.concat(inputs).forEach(function (field) { field.value = ''; });
      apply();
    });
    group.hidden = false;
    tell(rows.length);
  });

  // Copying a command.
  document.addEventListener('click', function (event) {
    var button = event.target.closest && event.target.closest('.copy');
    if (!button || !navigator.clipboard) { return; }
    var code = button.parentNode.querySelector('code');
    navigator.clipboard.writeText(code.textContent).then(function () {
      button.textContent = 'Copied';
      setTimeout(function () { button.textContent = 'Copy'; }, 1500);
    }, function () {
      button.textContent = 'Select and copy';
    });
  });
  var offer = function (from) {
    all('.command', from).forEach(function (command) {
      if (command.querySelector('.copy')) { return; }
      var button = document.createElement('button');
      button.type = 'button';
      button.className = 'copy';
      button.textContent = 'Copy';
      button.setAttribute('aria-label', 'Copy the command');
      command.appendChild(button);
    });
  };
  if (navigator.clipboard) {
    // Cards get theirs when they are opened: there may be thousands.
    all('section > .scroll').forEach(offer);
    all('details').forEach(function (details) {
      details.addEventListener('toggle', function () { if (details.open) { offer(details); } });
    });
  }

  // A link to something inside a closed card opens it.
  var reveal = function () {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) { return; }
    for (var at = target; at; at = at.parentElement) {
      if (at.hidden) { at.hidden = false; }
      if (at.tagName === 'DETAILS') { at.open = true; }
    }
    target.scrollIntoView();
  };
  window.addEventListener('hashchange', reveal);
  reveal();

  // On paper nothing can be opened.
  var opened = [];
  window.addEventListener('beforeprint', function () {
    opened = all('details:not([open])').filter(function (details) {
      return !details.classList.contains('card') || details.querySelector('.finding');
    });
    opened.forEach(function (details) { details.open = true; });
  });
  window.addEventListener('afterprint', function () {
    opened.forEach(function (details) { details.open = false; });
    opened = [];
  });
}());
