" Tells the indexer of every save. Never waits, prints or fails: what it misses, the daemon's own watching finds.
if exists('g:loaded_indexer')
  finish
endif
let g:loaded_indexer = 1
let s:notify = [@NOTIFY_COMMAS@]

function! s:Saved(file) abort
  if &buftype !=# '' || empty(a:file)
    return
  endif
  if has('job')
    call job_start(s:notify + [a:file], {'in_io': 'null', 'out_io': 'null', 'err_io': 'null', 'stoponexit': ''})
  else
    silent! call system(join(map(s:notify + [a:file], 'shellescape(v:val)')) . ' >/dev/null 2>&1 &')
  endif
endfunction

augroup indexer
  autocmd!
  autocmd BufWritePost * call s:Saved(expand('<afile>:p'))
augroup END
