# Tells the indexer that files of this work tree changed. Never fails, prints or waits.
@NOTIFY_SHELL@ "$(git rev-parse --show-toplevel 2>/dev/null || pwd)" >/dev/null 2>&1 || :
