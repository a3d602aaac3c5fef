source ./base.sh
# <- calls external
#        ^ imports lib/base import

warn() { log "$1"; }
# <- definition.function lib/more::warn
#        ^ calls lib/base::log import
