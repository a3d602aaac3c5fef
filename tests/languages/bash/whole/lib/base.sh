# What others source.
log() {
# <- definition.function lib/base::log doc=What_others_source.

  echo "$1"
# ^ calls external

}
