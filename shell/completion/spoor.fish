# Completion of spoor for fish: the words come from the command line itself.
function __spoor_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l answer (spoor complete -- $words[2..] 2>/dev/null)
    switch "$answer[1]"
        case :files
            __fish_complete_path (commandline -ct)
        case :directories
            __fish_complete_directories (commandline -ct)
        case ':command *'
            set -l begin (math (string replace ':command ' '' -- $answer[1]) + 1)
            complete -C (string join ' ' -- (string escape -- $words[$begin..-2]) "$words[-1]")
        case '*'
            string join \n -- $answer
    end
end
complete -c spoor -f -a '(__spoor_complete)'
