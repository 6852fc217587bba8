#!/bin/bash
# The man page and the completion say what the program's own --help says: the same commands, options, values and
# exit codes, no more and no fewer. cli_docs_test.sh BUILD_DIR
set -euo pipefail
zcp=$(cd "$1" && pwd)/zcp
source=$(cd "$(dirname "$0")/../.." && pwd)
page=$source/deploy/zcp.1
work=$(mktemp -d)
mkdir "$work/empty"
trap 'rm -rf "$work"' EXIT
failed=0

same() { # WHAT WANTED GOT : files, in any order
    if diff <(sort -u "$2") <(sort -u "$3") >"$work/diff"; then
        return
    fi
    echo "FAILED: $1 (< --help, > documented):"
    cat "$work/diff"
    failed=1
}

# What the program says: commands, and "COMMAND|-o VALUE" for each option.
"$zcp" --help >"$work/help"
sed -nE 's/^  ([a-z]+( [a-z-]+)*) +[A-Z].*/\1/p' "$work/help" >"$work/commands"
: >"$work/options"
while read -r command; do
    # shellcheck disable=SC2086 # a command is words
    "$zcp" $command --help >"$work/one"
    grep -q "^usage: zcp $command " "$work/one" || { echo "FAILED: zcp $command --help is another's"; failed=1; }
    sed -nE '/^options:/,$ s/^  (-[a-z0-9-]+)( ([A-Z][A-Z0-9=|]*))? .*/'"$command"'|\1 \3/p' "$work/one" |
        sed 's/ $//' >"$work/of"
    [ -s "$work/of" ] || { echo "FAILED: zcp $command --help shows no options"; failed=1; }
    cat "$work/of" >>"$work/options"
done <"$work/commands"
[ "$(wc -l <"$work/commands")" -ge 20 ] || { echo "FAILED: zcp --help shows too few commands"; failed=1; }

# The man page: subsections of COMMANDS and their items; the common options are every command's.
awk '
    /^\.Sh / { section = $2 }
    /^\.Ss Common options/ { command = "*" }
    /^\.Ss zcp / && section == "COMMANDS" {
        command = ""
        for (i = 3; i <= NF && $i != "Ar" && $i != "Op"; i++) command = command (i > 3 ? " " : "") $i
        print command >commands
    }
    /^\.It Fl / && (section == "COMMANDS" || command == "*") { print command "|-" $3 ($4 == "Ar" ? " " $5 : "") >options }
    /^\.It [0-9]+$/ && section == "EXIT" { code = $2; getline; print code " " $0 >codes }
' commands="$work/page.commands" options="$work/page.options.raw" codes="$work/page.codes" "$page"
while IFS='|' read -r command option; do
    if [ "$command" = '*' ]; then
        sed "s/\$/|$option/" "$work/commands"
    else
        echo "$command|$option"
    fi
done <"$work/page.options.raw" >"$work/page.options"
same 'commands of the man page' "$work/commands" "$work/page.commands"
same 'options of the man page' "$work/options" "$work/page.options"

# "Exit codes: 0 done, 1 failed, …" at the end of the help, over several lines.
tr '\n' ' ' <"$work/help" | sed -E 's/.*Exit codes: //; s/\. *$//' | sed -E 's/, */\n/g' >"$work/codes"
echo >>"$work/codes"
same 'exit codes of the man page' "$work/codes" "$work/page.codes"

# Arguments of the usage line against the subsection's head.
while read -r command; do
    # shellcheck disable=SC2086
    "$zcp" $command --help | sed -nE "s/^usage: zcp $command \[options\] ?(.*)/$command \1/p; " | sed 's/|-\]/]/; s/ $//'
done <"$work/commands" >"$work/arguments"
sed -nE '/^\.Sh COMMANDS/,/^\.Sh ENV/ s/^\.Ss zcp (.*)/\1/p' "$page" |
    sed -E 's/Op Ar ([A-Z|]+)/[\1]/; s/Ar //g' >"$work/page.arguments"
same 'arguments of the man page' "$work/arguments" "$work/page.arguments"

# The completion, asked as bash asks it.
# shellcheck source=/dev/null
source "$source/deploy/zcp.bash"
# shellcheck disable=SC2317
compopt() { :; } # exists only while bash completes
# shellcheck disable=SC2317
timeout() { :; } # asks no enclave here
complete_line() { # WORDS… : what the last one may become
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=()
    _zcp
    printf '%s\n' "${COMPREPLY[@]}"
}

{
    while read -r first; do
        seconds=
        # shellcheck disable=SC2154 # of the completion
        if [[ " $_zcp_groups " == *" $first "* ]]; then
            seconds=$(complete_line zcp "$first" '')
        fi
        if [ -n "$seconds" ]; then
            # shellcheck disable=SC2086
            printf "$first %s\n" $seconds
        else
            echo "$first"
        fi
    done < <(complete_line zcp '' | grep -vE '^(help|--help|--version)$')
} >"$work/completed.commands"
same 'commands of the completion' "$work/commands" "$work/completed.commands"

# An option that wants a value offers no option behind it; a flag does. Values on offer stand in the help.
: >"$work/completed.options"
while read -r command; do
    # shellcheck disable=SC2206
    line=(zcp $command)
    while read -r option; do
        if [ -n "$(complete_line "${line[@]}" "$option" -)" ]; then
            echo "$command|$option" >>"$work/completed.options"
            continue
        fi
        value=$(sed -n "s/^$command|$option //p" "$work/options")
        echo "$command|$option $value" >>"$work/completed.options"
        words=$(cd "$work/empty" && complete_line "${line[@]}" "$option" '')
        equals=$(cd "$work/empty" && complete_line "${line[@]}" "$option" '=' '')
        [ "$words" = "$equals" ] || { echo "FAILED: zcp $command $option= completes otherwise than with a space"; failed=1; }
        for word in $words; do
            # shellcheck disable=SC2086
            "$zcp" $command --help | grep -E "^  $option " | grep -qw -- "$word" ||
                { echo "FAILED: zcp $command $option $word is offered, but its help knows no $word"; failed=1; }
        done
    done < <(complete_line "${line[@]}" -)
done <"$work/commands"
same 'options of the completion' "$work/options" "$work/completed.options"

# Lint, by what is there.
if command -v groff >/dev/null; then
    groff -mdoc -Tutf8 -ww "$page" 2>"$work/lint" >"$work/rendered"
    [ ! -s "$work/lint" ] || { echo 'FAILED: groff finds fault with the man page:'; cat "$work/lint"; failed=1; }
fi
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$page" >"$work/lint" || { echo 'FAILED: mandoc finds fault with the man page:'; cat "$work/lint"; failed=1; }
fi
if command -v shellcheck >/dev/null; then
    shellcheck "$source/deploy/zcp.bash" || failed=1
fi

[ "$failed" = 0 ] && echo "ok: $(wc -l <"$work/commands") commands and $(wc -l <"$work/options") options, in the man page and in the completion"
exit "$failed"
