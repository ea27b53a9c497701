#compdef star

_star() {
    local -a limits common run
    common=(
        '--error-format[how errors are written]:format:(text json)'
        '--color[colour]:when:(auto always never)'
        '(-h --help)'{-h,--help}'[explain]'
    )
    limits=(
        '--max-steps[instructions]:number:(none)'
        '--max-time[time]:time:(none 1s 5s)'
        '--max-memory[bytes]:size:(none 64MiB 1GiB)'
        '--max-output[bytes printed]:size:(none 16MiB)'
        '--max-frames[nested calls]:number:(none 1000)'
        '--max-nesting[nesting of source]:number:(200)'
        '--block[refused words]:words:'
    )
    run=(
        '--eager[run open top-level blocks as they arrive]'
        '--events[write events]:format:(json)'
        '--trace[show each instruction]'
        '-c[code]:code:'
        $limits
        $common
        '*:script:_files'
    )
    if (( CURRENT == 2 )); then
        _alternative \
            'commands:command:((run\:"run a script" eval\:"write what a script gives as data" check\:"report problems" dump\:"show tokens, tree or code" completions\:"completion scripts" help\:"explain"))' \
            'files:script:_files' \
            'options:option:((--version --help --eager --max-steps --max-time --max-memory --max-output -c))'
        return
    fi
    case $words[2] in
        eval) words=($words[1] $words[3,-1]); (( CURRENT-- ))
            _arguments -S '--format[format]:format:(json yaml toml)' '*--set[give a global a value]:name=value:' \
                '-c[code]:code:' $limits $common '*:script:_files' ;;
        check) words=($words[1] $words[3,-1]); (( CURRENT-- ))
            _arguments -S '--block[refused words]:words:' '--max-nesting[nesting]:number:(200)' '-c[code]:code:' \
                $common '*:script:_files' ;;
        dump) words=($words[1] $words[3,-1]); (( CURRENT-- ))
            _arguments -S '-c[code]:code:' $common '1:form:(tokens ast code)' '*:script:_files' ;;
        completions) _values shell bash zsh fish ;;
        help) _values command run eval check dump completions ;;
        run) words=($words[1] $words[3,-1]); (( CURRENT-- ))
            _arguments -S $run ;;
        *) _arguments -S $run ;;
    esac
}

_star "$@"
