-- Tells the indexer of every save. Never waits, prints or fails: what it misses, the daemon's own watching finds.
local notify = { @NOTIFY_COMMAS@ }

vim.api.nvim_create_autocmd({ "BufWritePost", "FileChangedShellPost" }, {
  group = vim.api.nvim_create_augroup("indexer", { clear = true }),
  callback = function(event)
    local file = vim.fn.fnamemodify(event.match, ":p")
    if vim.bo[event.buf].buftype == "" and file ~= "" then
      pcall(vim.fn.jobstart, vim.list_extend(vim.list_slice(notify), { file }), { detach = true })
    end
  end,
})
