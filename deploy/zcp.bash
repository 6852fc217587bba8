# bash completion for zcp. tests/architecture/cli_docs_test.sh holds it against the program.
# shellcheck shell=bash

# Commands of two words, by their first.
_zcp_groups='key tx sign audit mission eif revoke'

_zcp_second() {
    case $1 in
    key) echo 'create import list show disable' ;;
    tx) echo 'decode' ;;
    sign) echo 'tx message typed-data order digest' ;;
    audit) echo 'tail verify prove export index redact archive replay' ;;
    mission) echo 'check compile show test diff change sign withdraw activate status' ;;
    eif) echo 'build measure describe ramdisk' ;;
    revoke) echo 'principal rule' ;;
    esac
}

# Which entries of the log.
_zcp_filters='--principal= --key= --decision= --rule= --since= --until= --min-amount='

# A command's own options: with = those that want a value.
_zcp_own() {
    case $1 in
    up) echo '--mission= --platform= --detach --lost-tail --log-listen= --witness=' ;;
    'key create') echo '--curve= --kind= --tier= --nonce= --api-key= --venue=' ;;
    'key import') echo '--curve= --kind= --private-key= --secret-encoding= --passphrase-file= --api-key= --venue= --tier= --nonce=' ;;
    'tx decode') echo '--chain= --from= --mission=' ;;
    'sign tx' | 'sign order' | 'sign digest') echo '--key= --chain=' ;;
    'sign message') echo '--key= --chain= --hex --address-type= --legacy' ;;
    'sign typed-data') echo '--key=' ;;
    attest) echo '--nonce= -o=' ;;
    verify)
        echo '--doc= --pcr0= --pcr= --measurement= --nonce= --root= --at= --module-id= --user-data= --mission= --log-key=' \
            '--deployment= --accept= --measurements= --release-key= --collateral= --tcb= --allow-debug'
        ;;
    'audit tail') echo "-n= -f $_zcp_filters" ;;
    'audit export') echo "--format= $_zcp_filters" ;;
    'audit prove') echo '-o= --disclose=' ;;
    'audit index') echo '--rebuild --check' ;;
    'audit redact') echo '--group= --log= -o=' ;;
    witness) echo '--name= --listen= --log=' ;;
    'audit replay') echo '--mission= --save= --from=' ;;
    'audit archive') echo '--to= --endpoint= --region= --lock-days= --credentials= --ca= --client-cert= --client-key= --again -f' ;;
    'audit verify') echo '--log= --root= --witness=' ;;
    'mission compile') echo '-o=' ;;
    'mission test') echo '--cases=' ;;
    'mission sign') echo '--valid=' ;;
    'eif build')
        echo '--kernel= --cmdline= --cmdline-file= --ramdisk= --name= --image-version= --kernel-version= --build-time= --metadata=' \
            '--memory= --cpus= --arm64 --signing-certificate= --private-key= -o='
        ;;
    'eif measure') echo '--append= --label= --from= --until= --private-key= --proof= --role= --instance=' ;;
    'eif describe') echo '--role= --instance=' ;;
    'eif ramdisk') echo '--file= --program= -o=' ;;
    halt) echo '--reason=' ;;
    approve) echo '--valid=' ;;
    bench) echo '--compare --growth --html= --only= --runs=' ;;
    doctor) echo '--cpu= --root=' ;;
    gateway)
        echo '--listen= --ipc= --credential= --identities= --tls-cert= --tls-key= --tls-client-ca= --connections= --threads=' \
            '--request-seconds= --idle-seconds= --drain-seconds= --spin-us= --log= --node= --chain-id='
        ;;
    esac
}

_zcp_common='--dir= --as= --json --help'

# What was given for an option on this line; empty: nothing.
_zcp_given() {
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        [[ ${COMP_WORDS[i]} == "$1" ]] || continue
        if [[ ${COMP_WORDS[i + 1]} == '=' ]]; then
            printf '%s' "${COMP_WORDS[i + 2]}"
        else
            printf '%s' "${COMP_WORDS[i + 1]}"
        fi
        return
    done
}

_zcp_dir() {
    local dir
    dir=$(_zcp_given --dir)
    dir=${dir:-${ZCP_DIR:-var}}
    printf '%s' "${dir/#\~\//$HOME/}"
}

# Whoever has a credential in the folder.
_zcp_principals() {
    local file
    for file in "$(_zcp_dir)"/credentials/*.key; do
        [[ -e $file ]] || continue
        file=${file##*/}
        echo "${file%.key}"
    done
}

# Asks the enclave; one that does not answer must not hold up the shell.
_zcp_keys() {
    local as
    as=$(_zcp_given --as)
    timeout 2 "${COMP_WORDS[0]/#\~\//$HOME/}" key list --dir "$(_zcp_dir)" ${as:+--as "$as"} 2>/dev/null |
        while read -r name _; do
            [[ $name == name ]] || echo "$name"
        done
}

_zcp_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_zcp_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen "$1" -- "$cur")
}

# The value of an option of a command.
_zcp_value() {
    case $2 in
    --dir) _zcp_files -d ;;
    --as) _zcp_words "$(_zcp_principals)" ;;
    --key) _zcp_words "$(_zcp_keys)" ;;
    --curve) _zcp_words 'secp256k1 p256 ed25519' ;;
    --tier) _zcp_words 'hot cold' ;;
    --chain)
        case $1 in
        'tx decode') _zcp_words 'evm eip712 bitcoin solana cosmos' ;;
        'sign tx') _zcp_words 'evm bitcoin bitcoin-test bitcoin-regtest solana cosmos' ;;
        'sign message') _zcp_words 'evm bitcoin solana' ;;
        'sign digest') _zcp_words 'evm' ;;
        esac
        ;;
    --address-type) _zcp_words 'p2wpkh p2pkh p2sh-p2wpkh p2tr' ;;
    --platform) _zcp_words 'local qemu' ;;
    --credential | --identities | --tls-cert | --tls-key | --tls-client-ca | --mission | --private-key | --doc | --root | --log | --accept | --measurements | --proof | --release-key | --collateral | --kernel | --cmdline-file | --ramdisk | --metadata | --signing-certificate | -o) _zcp_files -f ;;
    --nonce) [[ $1 != key\ * ]] || _zcp_words 'hedged deterministic' ;;
    esac
}

_zcp_argument() {
    case $1 in
    'key show' | 'key disable') _zcp_words "$(_zcp_keys)" ;;
    'tx decode' | sign\ * | mission\ * | 'eif measure' | 'eif describe') _zcp_files -f ;;
    gateway) _zcp_words 'clef jsonrpc kms rest ssh-agent vault web3signer' ;;
    esac
}

_zcp() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} words=1 options i
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        _zcp_words "up down status $_zcp_groups attest verify halt resume approvals approve feed gateway bench doctor witness help --help --version"
        return
    fi
    if [[ " $_zcp_groups " == *" $command "* ]]; then
        if ((COMP_CWORD == 2)); then
            _zcp_words "$(_zcp_second "$command")"
            return
        fi
        command+=" ${COMP_WORDS[2]}"
        words=2
    fi
    options="$(_zcp_own "$command") $_zcp_common"

    # --name=value arrives as three words.
    if [[ $cur == '=' ]]; then
        cur=
    elif [[ $prev == '=' ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if ((COMP_CWORD > words + 1)) && [[ " $options " == *" $prev= "* ]]; then
        _zcp_value "$command" "$prev"
        return
    fi
    for ((i = words + 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == -- ]]; then # nothing but arguments from here on
            _zcp_argument "$command"
            return
        fi
    done
    if [[ $cur == -* ]]; then
        _zcp_words "${options//=/}"
    else
        _zcp_argument "$command"
    fi
}

complete -F _zcp zcp
