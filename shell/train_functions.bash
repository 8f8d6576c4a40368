
# The file that called the function that asks.
__spoor_caller() {
  __spoor_absolute "${BASH_SOURCE[2]-}"
}

__spoor_trap_of() {
  eval "set -- $(trap -p "$1")"
  REPLY=${3-}
}

__spoor_set_trap() {
  # shellcheck disable=SC2064 # the name of the signal is known now
  trap "__spoor_signal $1" "$1"
}

__spoor_chain_exit() {
  local REPLY=
  __spoor_trap_of EXIT
  case $REPLY in
    "__spoor_at_exit "*) return 0 ;;
  esac
  # Theirs sees the status that the script ends with; `&&` keeps `set -e` from ending the trap.
  # shellcheck disable=SC2064 # theirs is known now
  trap "__spoor_at_exit && :
$REPLY" EXIT
}

__spoor_at_exit() {
  local result=$?
  cleanup_empty_output
  return "$result"
}

# bash tells the status at once.
__spoor_status() {
  REPLY=$1
}
