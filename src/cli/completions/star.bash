# bash completion for star
_star() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command='' i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
            run|eval|check|dump|completions|help) command=${COMP_WORDS[i]}; break ;;
        esac
    done
    case $prev in
        --color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
        --error-format) COMPREPLY=($(compgen -W 'text json' -- "$cur")); return ;;
        --format) COMPREPLY=($(compgen -W 'json yaml toml' -- "$cur")); return ;;
        --events) COMPREPLY=($(compgen -W 'json' -- "$cur")); return ;;
        --max-steps|--max-time|--max-memory|--max-output|--max-frames|--max-nesting)
            COMPREPLY=($(compgen -W 'none' -- "$cur")); return ;;
        --block|--set|-c) return ;;
        dump) COMPREPLY=($(compgen -W 'tokens ast code --help' -- "$cur")); return ;;
        completions) COMPREPLY=($(compgen -W 'bash zsh fish --help' -- "$cur")); return ;;
        help) COMPREPLY=($(compgen -W 'run eval check dump completions' -- "$cur")); return ;;
    esac
    local words=''
    case $command in
        eval)
            words='--format --set --max-steps --max-time --max-memory --max-output --max-frames --max-nesting --block
                --error-format --color --help -c'
            ;;
        check) words='--block --max-nesting --error-format --color --help -c' ;;
        dump) words='--error-format --color --help -c' ;;
        *)
            words='--eager --max-steps --max-time --max-memory --max-output --max-frames --max-nesting --block
                --events --error-format --color --trace --help -c'
            [[ -z $command ]] && words="run eval check dump completions help --version $words"
            ;;
    esac
    if [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "$words" -- "$cur"))
    else
        [[ -n $command ]] && words=''
        COMPREPLY=($(compgen -W "$words" -- "$cur") $(compgen -f -- "$cur"))
    fi
}
complete -o filenames -F _star star
