#compdef spoor
# Completion of spoor for zsh: the words come from the command line itself.
_spoor() {
  emulate -L zsh
  local answer=$(spoor complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  case $answer in
    :files) _files; return ;;
    :directories) _files -/; return ;;
    :command*)
      local -i begin=${answer#:command }
      words=("${(@)words[begin + 1,-1]}")
      (( CURRENT -= begin ))
      _normal
      return ;;
  esac
  local line
  local -a whole wholeTexts open openTexts
  for line in "${(@f)answer}"; do
    [[ -n $line ]] || continue
    local word=${line%%$'\t'*} text=${line#*$'\t'}
    local shown=$word
    [[ -n $text && $text != $line ]] && shown="${(r:24:)word}  ${text}"
    (( $#shown < COLUMNS )) || shown="${shown[1,COLUMNS-2]}…"
    # More follows a colon.
    if [[ $word == *: ]]; then open+=("$word") openTexts+=("$shown")
    else whole+=("$word") wholeTexts+=("$shown"); fi
  done
  local -i none=1
  (( $#open )) && compadd -l -S '' -d openTexts -a open && none=0
  (( $#whole )) && compadd -l -d wholeTexts -a whole && none=0
  return none
}
# Whoever has not set completion up yet gets it with this.
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
if [[ $funcstack[1] == _spoor ]]; then _spoor "$@"; else compdef _spoor spoor; fi
