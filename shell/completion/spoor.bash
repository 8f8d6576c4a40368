# Completion of spoor for bash: the words come from the command line itself.
_spoor() {
  # bash breaks words at ':' and '='; here they are whole again, as the line has them.
  local rest=$COMP_LINE gap word last=-1 i
  local words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    gap=${rest%%[![:space:]]*}
    rest=${rest#"$gap"}
    if ((i == 0)) || [[ -n $gap || -z $word ]]; then
      last=$((last + 1))
      words[last]=$word
    else
      words[last]=${words[last]}$word
    fi
    rest=${rest#"$word"}
  done
  local current=${words[last]}
  local before=${current%"${COMP_WORDS[COMP_CWORD]}"}
  local answer line
  answer=$(spoor complete -- "${words[@]:1}" 2>/dev/null)
  COMPREPLY=()
  case $answer in
    :files) compopt -o filenames 2>/dev/null; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current"); return ;;
    :directories) compopt -o filenames 2>/dev/null; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$current"); return ;;
    :command*)
      if declare -F _command_offset >/dev/null; then
        _command_offset "${answer#:command }"
      else
        compopt -o filenames 2>/dev/null
        while IFS= read -r line; do COMPREPLY+=("$line"); done < <(
          if ((COMP_CWORD == ${answer#:command })); then compgen -c -- "$current"; fi
          compgen -f -- "$current"
        )
      fi
      return ;;
  esac
  while IFS=$'\t' read -r word _; do
    [[ -n $word ]] || continue
    [[ $word == *: ]] && compopt -o nospace 2>/dev/null
    word=${word#"$before"}
    printf -v word %q "$word"
    COMPREPLY+=("$word")
  done <<<"$answer"
}
complete -F _spoor spoor
