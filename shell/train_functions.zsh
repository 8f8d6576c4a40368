
# The file that called the function that asks.
__spoor_caller() {
  __spoor_absolute "${funcfiletrace[2]%:*}"
}

# `trap` tells of traps only in the shell that has them, so not in a substitution.
__spoor_trap_of() {
  local wanted=$1 listing
  REPLY=
  if (( ${+functions[TRAP$wanted]} )); then
    functions[__spoor_theirs_$wanted]=${functions[TRAP$wanted]}
    REPLY="__spoor_theirs_$wanted $(( ${signals[(i)$wanted]} - 1 ))"
    return
  fi
  () { trap >| $1; listing=$(<$1) } =(:)
  trap() { [[ $3 != $wanted ]] || REPLY=$2 }
  eval $listing
  unfunction trap
}

__spoor_set_trap() {
  setopt no_local_traps
  trap "__spoor_signal $1" $1
}

__spoor_chain_exit() {
  typeset -ga zshexit_functions
  zshexit_functions=(${zshexit_functions:#cleanup_empty_output} cleanup_empty_output)
}

# Of a child that was stopped meanwhile, zsh first tells that, then that it went on, and its status last; of
# one of which all is told, 127.
__spoor_status() {
  local told=$1
  REPLY=$1
  while (( told != 127 )); do
    REPLY=$told
    told=0
    # A script's ZERR trap hears of what fails alone.
    wait $__spoor_pid 2>/dev/null || told=$?
  done
}
