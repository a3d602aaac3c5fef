#!/usr/bin/env bash
. "$(dirname "$0")/lib/more.sh"
# <- calls external
#    ^ calls external
#                      ^ imports lib/more import

source lib/base.sh
# <- calls external
#          ^ imports lib/base import

source "$HERE"/gone.sh
# <- calls external
#              ^ imports external

NAME="x"
# <- definition.variable run::NAME

export TARGET=1
#      ^ definition.variable run::TARGET

if true; then
#  ^ calls external

  LEVEL=2
# ^ definition.variable run::LEVEL

fi
alias ll='ls -l'
# <- calls external
#     ^ definition.constant run::ll

# Greets.
greet() {
# <- definition.function run::greet doc=Greets.

  local who="$1" more
  declare kept=1
  for each in a b; do log "$each"; done
#                     ^ calls lib/base::log import

  echo "hi $who $NAME $more $kept $UNKNOWN"
# ^ calls external
#                ^ references run::NAME scope

  warn "$TARGET" | other && greet2
# ^ calls lib/more::warn import
#        ^ references run::TARGET scope
#                  ^ calls external
#                           ^ calls run::greet2 scope

}

function greet2 { $(greet x); }
#        ^ definition.function run::greet2
#                   ^ calls run::greet scope

trap greet2 EXIT
# <- calls external
#    ^ references run::greet2 scope

greet $LEVEL
# <- calls run::greet scope
#      ^ references run::LEVEL scope
