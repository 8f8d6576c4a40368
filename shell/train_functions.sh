# The functions of a training script: setup_training_vars, setup_conda_env, store_commits_hashes,
# run_training_script, cleanup_empty_output and get_lycoris_repo. One text for zsh and bash; what needs
# thought, Spoor does. NO_CLEAN=1 keeps the output of failures, DEBUG=1 tells what is done and found,
# DRY_RUN=1 starts nothing, ALLOW_EXISTING=1 trains into a directory that is there already.

# A script may name these under `set -u` without having set them: they are found.
: "${SD_REPO=}" "${LYCORIS_REPO=}"

__spoor_start=$PWD     # where the script was started, to which its own path is relative
__spoor_dir=          # the run's output directory
__spoor_created=      # the same, as long as it was made here and no run has it yet
__spoor_steps=        # what was set here and not by the script
__spoor_training=
__spoor_repos=()      # named by the script
__spoor_flags=()
__spoor_pid=          # of `spoor`, as long as it trains
__spoor_signalled=
__spoor_theirs_INT=   # what the script itself does on a signal
__spoor_theirs_TERM=

# Runs Spoor: the one that made this file or, where that has gone, the one on PATH.
__spoor() {
  if [ -x "$__spoor_node" ] && [ -f "$__spoor_bin" ]; then
    "$__spoor_node" "$__spoor_bin" "$@"
  elif command -v spoor >/dev/null 2>&1; then
    command spoor "$@"
  else
    printf 'error: %s is not there any more, and spoor is not on PATH\nhint: Install Spoor again, then: spoor shell %s --install\n' \
      "$__spoor_bin" "$__spoor_shell" >&2
    return 127
  fi
}

# Whether a variable is switched on.
__spoor_on() {
  [ -n "${1-}" ] && [ "$1" != 0 ]
}

# Begins a function: what it hands on to Spoor, and the traps that the script may have set since.
__spoor_begin() {
  __spoor_flags=()
  if __spoor_on "${DEBUG-}"; then __spoor_flags+=(--debug); fi
  if __spoor_on "${DRY_RUN-}"; then __spoor_flags+=(--dry-run); fi
  __spoor_chain
}

__spoor_debug() {
  if __spoor_on "${DEBUG-}"; then printf 'spoor: debug: %s\n' "$1" >&2; fi
}

# Ends the script with a status; a shell that someone types in goes on.
__spoor_stop() {
  case $- in
    *i*) return "$1" ;;
    *) exit "$1" ;;
  esac
}

# setup_training_vars NAME: sets NAME, DATASET_NAME, TRAINING_DIR, STEPS and OUTPUT_DIR, and makes
# $OUTPUT_DIR/$NAME. What the script has set stays.
setup_training_vars() {
  local answer steps=${STEPS-} training=${TRAINING_DIR-}
  __spoor_begin
  if [ "$steps" = "$__spoor_steps" ]; then steps=; fi
  if [ "$training" = "$__spoor_training" ]; then training=; fi
  if __spoor_on "${ALLOW_EXISTING-}"; then __spoor_flags+=(--allow-existing); fi
  cleanup_empty_output
  answer=$(__spoor shell vars ${__spoor_flags[@]+"${__spoor_flags[@]}"} --steps="$steps" --training-dir="$training" \
    --output-dir="${OUTPUT_DIR-}" -- "${1-${NAME-}}") || { __spoor_stop "$?"; return; }
  eval "$answer"
}

# setup_conda_env ENV [CONDA_PATH]: initialises conda for this shell and activates the environment.
setup_conda_env() {
  local answer flags=$- result=0
  __spoor_begin
  answer=$(__spoor shell conda ${__spoor_flags[@]+"${__spoor_flags[@]}"} --conda="${2-}" \
    -- "$__spoor_shell" "${1-}") || { __spoor_stop "$?"; return; }
  # conda's own code is not written for either.
  set +eu
  eval "$answer"
  result=$?
  case $flags in *e*) set -e ;; esac
  case $flags in *u*) set -u ;; esac
  if [ "$result" -ne 0 ]; then
    printf 'error: The conda environment %s could not be activated (status %s)\nhint: Try it in a shell: conda activate %s\n' \
      "${1-}" "$result" "${1-}" >&2
    __spoor_stop "$result"
    return
  fi
  __spoor_debug "python is $(command -v python || command -v python3 || echo missing)"
}

# store_commits_hashes REPO…: writes down the repositories and files that make the run. One that is empty
# or missing is found.
store_commits_hashes() {
  __spoor_begin
  __spoor_needs_setup store_commits_hashes || return
  local script
  script=$(__spoor_caller)
  __spoor_repos=("$@")
  __spoor shell store ${__spoor_flags[@]+"${__spoor_flags[@]}"} --name="$NAME" --directory="$__spoor_dir" \
    --training-dir="$TRAINING_DIR" --script="$script" -- "$@" ||
    printf 'spoor: the repositories could not be written down before the start; the run records them all the same\n' >&2
}

# run_training_script SCRIPT ARGS…: trains, recorded, in the script's directory. Returns the trainer's status.
run_training_script() {
  __spoor_begin
  __spoor_needs_setup run_training_script || return
  local script=${1-} caller directory python=python repo REPLY result=0 last=
  caller=$(__spoor_caller)
  if [ ! -f "$script" ]; then
    printf 'error: The trainer %s does not exist\nhint: Give run_training_script the path of train_network.py.\n' "${script:-(none)}" >&2
    __spoor_stop 66
    return
  fi
  shift
  case $script in
    /*) ;;
    *) script=$PWD/$script ;;
  esac
  directory=${script%/*}
  if ! command -v python >/dev/null 2>&1; then python=python3; fi
  set -- -- "$python" "$script" "$@"
  if [ -n "${REASON-}" ]; then set -- --reason="$REASON" "$@"; fi
  if __spoor_on "${NO_CLEAN-}"; then set -- --no-clean "$@"; fi
  for repo in ${__spoor_repos[@]+"${__spoor_repos[@]}"}; do
    case $repo in
      '') ;;
      /*) set -- --repo="$repo" "$@" ;;
      *) set -- --repo="$PWD/$repo" "$@" ;;
    esac
  done
  set -- shell run ${__spoor_flags[@]+"${__spoor_flags[@]}"} --name="$NAME" --steps="$STEPS" \
    --training-dir="$TRAINING_DIR" --directory="$__spoor_dir" --script="$caller" "$@"
  if ! __spoor_on "${DRY_RUN-}"; then __spoor_created=; fi
  case $- in
    *[im]*)
      # With job control the training is a job like any other.
      (cd -- "$directory" && __spoor "$@") || result=$?
      return "$result"
      ;;
  esac
  if [ ! -e /dev/fd/0 ]; then exec </dev/null; fi
  # A shell hears of a signal only when it waits for what runs in the background.
  { (cd -- "$directory" && __spoor_become "$@") <&3 3<&- & } 3<&0
  __spoor_pid=$!
  while :; do
    __spoor_signalled=
    result=0
    wait "$__spoor_pid" || result=$?
    if [ -z "$__spoor_signalled" ]; then break; fi
    last=$__spoor_signalled
  done
  __spoor_status "$result"
  result=$REPLY
  __spoor_pid=
  if [ -n "$last" ]; then __spoor_end "$last"; fi
  return "$result"
}

# cleanup_empty_output: removes the output directory that was made, if no training came of it. A training
# that fails cleans up by itself. Called by itself when the script ends; twice is once.
cleanup_empty_output() {
  local directory=$__spoor_created
  __spoor_created=
  if [ -z "$directory" ] || [ ! -d "$directory" ]; then return 0; fi
  # After an `exit` in a function, zsh returns from its hook when a function called there returns: one only.
  case ${NO_CLEAN:-0} in
    0) __spoor clean --output "$directory" --created || : ;;
    *) __spoor_debug "NO_CLEAN is set: $directory stays" ;;
  esac
}

# get_lycoris_repo: prints the repository that the environment's LyCORIS is imported from, or nothing.
get_lycoris_repo() {
  __spoor shell lycoris
}

# Becomes Spoor, so that a signal to this process is one to Spoor.
__spoor_become() {
  if [ -x "$__spoor_node" ] && [ -f "$__spoor_bin" ]; then exec "$__spoor_node" "$__spoor_bin" "$@"; fi
  __spoor "$@"
}

# Prints the absolute path of a script, wherever it has gone since its start; nothing if it is no file.
__spoor_absolute() {
  case $1 in
    /*) if [ -f "$1" ]; then printf '%s\n' "$1"; fi ;;
    *)
      if [ -f "$__spoor_start/$1" ]; then
        printf '%s\n' "$__spoor_start/$1"
      elif [ -f "$1" ]; then
        printf '%s\n' "$PWD/$1"
      fi
      ;;
  esac
}

__spoor_needs_setup() {
  if [ -n "$__spoor_dir" ]; then return 0; fi
  printf 'error: %s needs the variables of the training\nhint: Call setup_training_vars before it.\n' "$1" >&2
  __spoor_stop 64
}

# Puts itself before what the script does at its end and on signals. zsh has a hook for the end.
__spoor_chain() {
  __spoor_chain_exit
  __spoor_chain_signal INT
  __spoor_chain_signal TERM
}

__spoor_chain_signal() {
  local REPLY=
  __spoor_trap_of "$1"
  case $REPLY in
    "__spoor_signal "*) return 0 ;;
  esac
  case $1 in
    INT) __spoor_theirs_INT=$REPLY ;;
    TERM) __spoor_theirs_TERM=$REPLY ;;
  esac
  __spoor_set_trap "$1"
}

# While a training runs, it is told, and its end is waited for. Ctrl-C has reached it already.
__spoor_signal() {
  __spoor_signalled=$1
  if [ -z "$__spoor_pid" ]; then
    __spoor_end "$1"
  elif [ "$1" != INT ]; then
    kill -s "$1" "$__spoor_pid" 2>/dev/null || :
  fi
}

# Does for a signal what the script would have done without these functions.
__spoor_end() {
  local theirs=$__spoor_theirs_TERM number=143
  cleanup_empty_output
  if [ "$1" = INT ]; then
    theirs=$__spoor_theirs_INT
    number=130
  fi
  if [ -n "$theirs" ]; then
    eval "$theirs"
    return 0
  fi
  # Of itself, in the main shell, so that whoever started the script sees what ended it.
  trap - "$1"
  if [ "${BASH_SUBSHELL-${ZSH_SUBSHELL-0}}" = 0 ]; then kill -s "$1" "$$"; fi
  exit "$number"
}
