"""Stands in for az with the code that az itself prints with: JMESPath for --query, knack for tsv.

AZ_ANSWERS names a file: a URL or a command to the body that the service answers, or to the code of
an error. What az does with `@file` stands in azure-cli-core, `_expand_file_prefixed_files`.
"""

import argparse
import collections
import json
import os
import sys

import jmespath
from knack.output import format_tsv
from knack.util import CommandResultItem


def loaded(word):
    if not word.startswith("@"):
        return word
    with open(word[1:], encoding="utf-8") as file:
        return file.read().rstrip("\n")


def refuse(code):
    sys.exit(f"ERROR: Forbidden({json.dumps({'error': {'code': code}})})")


def answer(answers, key):
    body = answers.get(key, "NotFound " + key)
    return refuse(body) if isinstance(body, str) else body


def batch(answers, url, body):
    base = url.removesuffix("/$batch")
    for request in json.loads(body)["requests"]:
        content = answers.get(base + request["url"], "NotFound")
        failed = isinstance(content, str)
        yield {
            "id": request["id"],
            "status": 403 if failed else 200,
            "headers": {},
            "body": {"error": {"code": content}} if failed else content,
        }


def main():
    with open(os.environ["AZ_ANSWERS"], encoding="utf-8") as file:
        answers = json.load(file)
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for option in ["--query", "--output", "--url", "--method", "--body", "--subscription"]:
        parser.add_argument(option, type=loaded)
    parser.add_argument("--only-show-errors", action="store_true", required=True)
    options, words = parser.parse_known_args()
    command = " ".join(words)
    if command != "rest":
        result = answer(answers, f"{command} {options.subscription}" if options.subscription else command)
    elif options.method == "post":
        result = {"responses": list(batch(answers, options.url, options.body))}
    else:
        result = answer(answers, options.url)
    found = jmespath.search(options.query, result, jmespath.Options(collections.OrderedDict))
    if options.output != "tsv":
        refuse("NotAsTsv")
    # az prints nothing for nothing.
    if found is not None:
        sys.stdout.write(format_tsv(CommandResultItem(found)))


main()
