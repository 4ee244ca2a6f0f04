#
# Exports what entralint can use of a tenant and its subscriptions, completely:
#
#     .\SCRIPT.ps1 [-Folder FOLDER]
#     entralint check FOLDER
#     entralint access FOLDER
#
# Written by `entralint collect --shell powershell`, for Windows PowerShell 5.1 and PowerShell 7. It
# needs the Azure CLI (2.37 or later), signed in with `az login`, and nothing else. It only reads, and
# it writes nothing but FOLDER.
#
# No secret is exported: Microsoft Graph never returns the value of one. The folder is sensitive all
# the same, for it tells who can do what in the tenant: keep it out of repositories, and delete it
# when it is no longer needed.
#
# What a step needs stands above it. A step that fails is named as a warning, leaves no file and does
# not keep the others back. Exit codes: 0 everything is there, 1 something is missing, 2 nothing
# could be done. The Azure CLI signs a user in with permissions of its own for Microsoft Graph. Where
# one that a step names is not among them, sign in as an application that was granted it:
# `az login --service-principal`.
#
# Every answer comes as lines, one record a line, as ASCII: `to_string` makes compact JSON of a
# record and `--output tsv` prints it as it is. So records are never read and written anew here:
# ConvertFrom-Json and ConvertTo-Json would change dates, cut what is deep and, in 5.1, turn a list
# of one into its element. What az is asked stands in files (`@file`), because az.cmd passes its
# arguments through cmd.exe, where `&`, `|` and quotes mean something else.

#:settings

$utf8 = New-Object System.Text.UTF8Encoding $false

function Stop-Export([string] $Message) {
    [Console]::Error.WriteLine($Message)
    exit 2
}

if (-not (Get-Command az -ErrorAction SilentlyContinue)) {
    Stop-Export 'The Azure CLI is missing: https://aka.ms/azure-cli'
}
if (Test-Path -LiteralPath $Folder) {
    Stop-Export "$Folder is there already: name another folder, so that no older export is mixed in"
}
$root = (New-Item -ItemType Directory -Force -Path $Folder -ErrorAction Stop).FullName
if ($PSVersionTable.PSEdition -eq 'Core' -and -not $IsWindows) { chmod 700 $root }
$work = (New-Item -ItemType Directory -Path (Join-Path $root '.partial') -ErrorAction Stop).FullName
$guid = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
$script:missing = 0
$script:said = ''
$ids = @{}

function Save-Text([string] $Path, [string] $Text) {
    [System.IO.File]::WriteAllText($Path, $Text, $utf8)
}

# What az answers, as lines. Graph and Azure refuse for a while what is asked too often.
function Get-Answer([string] $Query, [string[]] $Words) {
    $ErrorActionPreference = 'Continue'
    $PSNativeCommandUseErrorActionPreference = $false
    $asked = Join-Path $work 'query'
    $failed = Join-Path $work 'error'
    Save-Text $asked $Query
    for ($attempt = 1; ; $attempt++) {
        $lines = @(& az @Words --query "@$asked" --output tsv --only-show-errors 2>$failed)
        if ($LASTEXITCODE -eq 0) {
            $script:said = ''
            return , [string[]] $lines
        }
        $script:said = [string] (Get-Content -LiteralPath $failed -Raw -ErrorAction SilentlyContinue)
        if ($attempt -ge 4 -or $script:said -notmatch 'too ?many ?requests|service ?unavailable|gateway ?time-?out') {
            throw 'az failed'
        }
        Start-Sleep -Seconds ($attempt * 15)
    }
}

# One value, or nothing.
function Get-Value([string] $Query, [string[]] $Words) {
    try { $lines = Get-Answer $Query $Words } catch { return '' }
    return [string] $lines[0]
}

# The cloud that az is set to: sovereign clouds have endpoints of their own.
function Get-Endpoint([string] $Name, [string] $PublicCloud) {
    $url = Get-Value "endpoints.$Name" @('cloud', 'show')
    if (-not $url.StartsWith('https://')) { $url = $PublicCloud }
    return $url.TrimEnd('/')
}

# The records of every page from a URL on, behind those in $Got: key, tab, JSON.
function Add-Page([hashtable] $Got, [string] $Url, [string] $Key = "'-'", [string] $Type = '') {
    $record = '@'
    # Where Graph does not tell the type of a record, it is written into it.
    if ($Type) { $record = 'merge({"@odata.type": ''' + $Type + '''}, @)' }
    $query = '[[["@odata.nextLink" || nextLink || ''-'', "@odata.context" || ''-'']], value[].[' +
        $Key + ', to_string(' + $record + ')]][]'
    $asked = Join-Path $work 'url'
    while ($Url -ne '-') {
        Save-Text $asked $Url
        $lines = Get-Answer $query @('rest', '--method', 'get', '--url', "@$asked")
        if ($lines.Count -eq 0) { throw 'no page' }
        $head = $lines[0].Split("`t")
        if ($head.Count -ne 2 -or $head[0] -eq $Url) { throw 'no page' }
        if ($Got.Context -eq '-') { $Got.Context = $head[1] }
        for ($i = 1; $i -lt $lines.Count; $i++) { $Got.Records.Add($lines[$i]) }
        $Url = $head[0]
    }
}

function New-Got {
    return @{ Context = '-'; Records = (New-Object 'System.Collections.Generic.List[string]') }
}

# The file under its name: until then there is none, so there is never half of one.
function Move-Document([string] $File) {
    $target = Join-Path $root $File
    $null = New-Item -ItemType Directory -Force -Path (Split-Path -Parent $target) -ErrorAction Stop
    Move-Item -LiteralPath (Join-Path $work 'document') -Destination $target -Force -ErrorAction Stop
}

# The records as one page.
function Save-Page([string] $File, [hashtable] $Got) {
    $writer = New-Object System.IO.StreamWriter((Join-Path $work 'document'), $false, $utf8)
    try {
        $writer.NewLine = "`n"
        if ($Got.Context -eq '-' -or $Got.Context -match '["\\]') {
            $writer.WriteLine('{"value": [')
        } else {
            $writer.WriteLine('{"@odata.context": "' + $Got.Context + '",')
            $writer.WriteLine('"value": [')
        }
        $last = $Got.Records.Count - 1
        for ($i = 0; $i -le $last; $i++) {
            $record = $Got.Records[$i]
            $writer.Write($record.Substring($record.IndexOf("`t") + 1))
            $writer.WriteLine($(if ($i -lt $last) { ',' } else { '' }))
        }
        $writer.WriteLine(']}')
    } finally {
        $writer.Dispose()
    }
    Move-Document $File
}

function Write-Missing([string] $File, [string] $Needs) {
    $script:missing++
    [Console]::Error.WriteLine("missing: $File (needs: $Needs)")
    foreach ($line in @($script:said -split "`r?`n" | Where-Object { $_ } | Select-Object -First 3)) {
        [Console]::Error.WriteLine('    ' + $line.Substring(0, [Math]::Min(400, $line.Length)))
    }
}

function Start-Step([string] $File) {
    [Console]::Error.WriteLine($File)
    $script:said = ''
}

# The keys of the records that are GUIDs, for the steps that ask for each; in lower case, because
# some services write them in capitals.
function Add-Id([string] $List, [hashtable] $Got) {
    if (-not $List) { return }
    if (-not $ids.ContainsKey($List)) {
        $ids[$List] = New-Object 'System.Collections.Generic.SortedSet[string]'
    }
    foreach ($record in $Got.Records) {
        $key = $record.Substring(0, $record.IndexOf("`t")).ToLowerInvariant()
        if ($key -cmatch $guid) { $null = $ids[$List].Add($key) }
    }
}

# A collection of Microsoft Graph or of Azure Resource Manager.
function Export-List([string] $File, [string] $Needs, [string] $Url, [string] $Key = "'-'", [string] $List = '', [string] $Type = '') {
    Start-Step $File
    try {
        $got = New-Got
        Add-Page $got $Url $Key $Type
        Save-Page $File $got
        Add-Id $List $got
    } catch {
        Write-Missing $File $Needs
    }
}

# One object of Microsoft Graph.
function Export-Object([string] $File, [string] $Needs, [string] $Url) {
    Start-Step $File
    try {
        $asked = Join-Path $work 'url'
        Save-Text $asked $Url
        $lines = Get-Answer "[['-', to_string(@)]]" @('rest', '--method', 'get', '--url', "@$asked")
        $text = $lines[0].Substring($lines[0].IndexOf("`t") + 1)
        Save-Text (Join-Path $work 'document') ($text + "`n")
        Move-Document $File
    } catch {
        Write-Missing $File $Needs
    }
}

# A command of az that prints a list.
function Export-Command([string] $File, [string] $Needs, [string[]] $Words, [string] $Key = "'-'", [string] $List = '') {
    Start-Step $File
    try {
        $got = New-Got
        foreach ($line in (Get-Answer "[].[$Key, to_string(@)]" $Words)) { $got.Records.Add($line) }
        Save-Page $File $got
        Add-Id $List $got
    } catch {
        Write-Missing $File $Needs
    }
}

# A collection of Microsoft Graph for each id, {id} in $Path: each into a file of its own, {id} in
# $File, or all of them into one, the set $Set. Twenty go into one request (Microsoft Learn, "Combine
# multiple requests in one HTTP call using JSON batching"): a tenant has thousands of service
# principals, and az takes about a second to start. What a batch does not answer is asked for alone;
# an object that was deleted meanwhile is none.
function Export-Each([string] $List, [string] $File, [string] $Needs, [string] $Path, [string] $Set = '') {
    Start-Step $File
    if (-not $ids.ContainsKey($List)) {
        Write-Missing $File "the list of $List"
        return
    }
    $version, $relative = $Path.Split([char[]] '/', 2)
    $query = 'responses[].[id, to_string(status), body."@odata.nextLink" || ''-'', body."@odata.context" || ''-'', to_string(body.value)]'
    $joined = New-Got
    $joined.Context = $graph + '/' + $version + '/$metadata#' + $Set
    $failures = 0
    # What goes into one file is lost with its first part.
    $enough = if ($Set) { 1 } else { 3 }
    $all = @($ids[$List])
    for ($from = 0; $from -lt $all.Count -and $failures -lt $enough; $from += 20) {
        $batch = @($all[$from..([Math]::Min($from + 19, $all.Count - 1))])
        $requests = @($batch | ForEach-Object { '{"id":"' + $_ + '","method":"GET","url":"/' + $relative.Replace('{id}', $_) + '"}' })
        $answers = @{}
        try {
            $asked = Join-Path $work 'url'
            $body = Join-Path $work 'body'
            Save-Text $asked ($graph + '/' + $version + '/$batch')
            Save-Text $body ('{"requests":[' + ($requests -join ',') + ']}')
            foreach ($line in (Get-Answer $query @('rest', '--method', 'post', '--url', "@$asked", '--body', "@$body"))) {
                $part = $line.Split([char[]] "`t", 5)
                if ($part[1] -eq '200') { $answers[$part[0]] = $part }
            }
        } catch {
            $answers = @{}
        }
        foreach ($id in $batch) {
            try {
                $got = New-Got
                if ($answers.ContainsKey($id)) {
                    $part = $answers[$id]
                    $rows = $part[4].Substring(1, $part[4].Length - 2)
                    if ($rows) { $got.Records.Add("-`t" + $rows) }
                    $got.Context = $part[3]
                    Add-Page $got $part[2]
                } else {
                    Add-Page $got ($graph + '/' + $version + '/' + $relative.Replace('{id}', $id))
                }
                if ($Set) { $joined.Records.AddRange($got.Records) } else { Save-Page ($File.Replace('{id}', $id)) $got }
            } catch {
                # Without the permission they would all fail, one after another.
                if ($script:said -notmatch 'ResourceNotFound') { $failures++ }
                if ($failures -ge $enough) { break }
            }
        }
    }
    if ($Set -and $failures -eq 0) {
        try { Save-Page $File $joined } catch { $failures++ }
    }
    if ($failures -gt 0) { Write-Missing $File $Needs }
}

try {
    $tenant = (Get-Value 'tenantId' @('account', 'show')).ToLowerInvariant()
    if (-not $tenant) { Stop-Export 'Sign in first: az login' }
    if ($wanted -and $wanted -ne $tenant) { Stop-Export "Sign in to the tenant first: az login --tenant $wanted" }
    $graph = Get-Endpoint 'microsoftGraphResourceId' 'https://graph.microsoft.com'
    $arm = Get-Endpoint 'resourceManager' 'https://management.azure.com'
    if ($subscriptions.Count -eq 0) {
        # All that are enabled, of this tenant alone. A tenant without any is listed under its own id.
        try {
            $subscriptions = Get-Answer "[?tenantId=='$tenant' && id!=tenantId].id" @('account', 'list')
        } catch {
            $subscriptions = @()
        }
    }
    $subscriptions = @($subscriptions | ForEach-Object { $_.ToLowerInvariant() } | Where-Object { $_ -cmatch $guid } | Sort-Object -Unique)
    if ($subscriptions.Count -eq 0) { Write-Missing 'everything of Azure' 'Reader on a subscription of this tenant' }
    $ids['groups'] = New-Object 'System.Collections.Generic.SortedSet[string]'

#:steps
} finally {
    Remove-Item -LiteralPath $work -Recurse -Force -ErrorAction SilentlyContinue
    # Nobody was signed in: the folder would be in the way of the next try.
    if (-not (Get-ChildItem -LiteralPath $root -Force)) { Remove-Item -LiteralPath $root }
}

if ($script:missing -gt 0) {
    [Console]::Error.WriteLine("$Folder holds what could be read; $($script:missing) of the exports above are missing")
    exit 1
}
[Console]::Error.WriteLine("${Folder} is complete: entralint check $Folder")
