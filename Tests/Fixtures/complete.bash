# Prints what Tab would offer after a command line, one a line, as bash asks for it:
#     bash complete.bash SCRIPT WORD...
# SCRIPT is the completion script; the last word is the one that is being typed, and may be empty.
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
COMP_LINE="$*"
COMP_POINT=${#COMP_LINE}
COMP_TYPE=9
specification=$(complete -p latent) || exit 1
function=${specification#* -F }
"${function%% *}" latent "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
if ((${#COMPREPLY[@]})); then printf '%s\n' "${COMPREPLY[@]}"; fi
