;;; indexer-hook.el --- tells the indexer of every save  -*- lexical-binding: t; -*-

;; Never waits, prints or fails: what it misses, the daemon's own watching finds.

(defvar indexer-hook-command '(@NOTIFY_SPACES@)
  "The command that tells the indexer of saved files.")

(defun indexer-hook-saved ()
  "Tell the indexer that the buffer's file was saved."
  (when (and buffer-file-name (not (file-remote-p buffer-file-name)))
    (ignore-errors
      ;; 0: not waited for.
      (apply #'call-process (car indexer-hook-command) nil 0 nil
             (append (cdr indexer-hook-command) (list (expand-file-name buffer-file-name)))))))

(add-hook 'after-save-hook #'indexer-hook-saved)

(provide 'indexer-hook)
;;; indexer-hook.el ends here
