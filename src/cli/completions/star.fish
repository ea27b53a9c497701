# fish completion for star
set -l commands run eval check dump completions help
set -l bare "not __fish_seen_subcommand_from $commands"
set -l limited "not __fish_seen_subcommand_from check dump completions help"
set -l running "not __fish_seen_subcommand_from eval check dump completions help"
set -l reading "not __fish_seen_subcommand_from completions help"

complete -c star -n $bare -a run -d 'Run a script'
complete -c star -n $bare -a eval -d 'Write what a script gives as data'
complete -c star -n $bare -a check -d 'Report problems'
complete -c star -n $bare -a dump -d 'Show tokens, tree or code'
complete -c star -n $bare -a completions -d 'Completion scripts'
complete -c star -n $bare -a help -d 'Explain a command'
complete -c star -n $bare -s V -l version -d 'The version'
complete -c star -s h -l help -d 'Explain'

complete -c star -n $running -l eager -d 'Run open top-level blocks as they arrive'
complete -c star -n $limited -l max-steps -x -a none -d 'Instructions'
complete -c star -n $limited -l max-time -x -a 'none 1s 5s' -d 'Time'
complete -c star -n $limited -l max-memory -x -a 'none 64MiB 1GiB' -d 'Bytes'
complete -c star -n $limited -l max-output -x -a 'none 16MiB' -d 'Bytes printed'
complete -c star -n $limited -l max-frames -x -a 'none 1000' -d 'Nested calls'
complete -c star -n $running -l events -x -a json -d 'Write events'
complete -c star -n $running -l trace -d 'Show each instruction'
complete -c star -n $reading -l max-nesting -x -a 200 -d 'Nesting of source'
complete -c star -n $reading -l block -x -d 'Refused words'
complete -c star -n $reading -l error-format -x -a 'text json' -d 'How errors are written'
complete -c star -n $reading -l color -x -a 'auto always never' -d 'Colour'
complete -c star -n $reading -s c -x -d 'Code'

complete -c star -n '__fish_seen_subcommand_from eval' -l format -x -a 'json yaml toml' -d 'Format'
complete -c star -n '__fish_seen_subcommand_from eval' -l set -x -d 'Give a global a value'
complete -c star -n '__fish_seen_subcommand_from dump' -a 'tokens ast code'
complete -c star -n '__fish_seen_subcommand_from completions' -x -a 'bash zsh fish'
complete -c star -n '__fish_seen_subcommand_from help' -x -a 'run eval check dump completions'
