#!/usr/bin/env bash
# Joins.
join() {
# <- definition.function defaults::join doc=Joins.
  echo "0${out:+;${out}}"
}
after() { join; }
# <- definition.function defaults::after
#         ^ calls defaults::join scope
