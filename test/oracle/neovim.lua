-- Drives the language server from Neovim's own LSP client, and writes what the editor got to see as JSON.
-- Arguments in the environment: COMMAND (JSON list), SITE (a folder), RESULT (a file).
local command = vim.fn.json_decode(vim.env.COMMAND)
local site = vim.env.SITE
local result = {}

local function finish(problem)
  result.problem = problem
  vim.fn.writefile({ vim.fn.json_encode(result) }, vim.env.RESULT)
  vim.cmd('qall!')
end

local function wait(what, met)
  if not vim.wait(15000, met, 20) then finish(what) end
end

local function file(path) return vim.fn.bufadd(site .. '/' .. path) end

local function messages(buffer)
  return vim.tbl_map(function(one) return { line = one.lnum, code = one.code, message = one.message } end,
    vim.diagnostic.get(buffer))
end

vim.cmd('edit ' .. site .. '/.htaccess')
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({ name = 'fastcgi', cmd = command, root_dir = site })
vim.lsp.buf_attach_client(buffer, client)

wait('no diagnostics', function() return #vim.diagnostic.get(buffer) > 0 end)
result.opened = messages(buffer)
local closed = file('blog/.htaccess')
wait('no diagnostics of a closed file', function() return #vim.diagnostic.get(closed) > 0 end)
result.closed = messages(closed)

local document = vim.lsp.util.make_text_document_params(buffer)
local function ask(method, more)
  local answers = vim.lsp.buf_request_sync(buffer, method, vim.tbl_extend('force', { textDocument = document }, more), 5000)
  return answers and answers[client] and answers[client].result
end
local function at(line, from, to)
  return { start = { line = line, character = from }, ['end'] = { line = line, character = to } }
end
result.actions = vim.tbl_map(function(one) return one.title end,
  ask('textDocument/codeAction', { range = at(1, 0, 5), context = { diagnostics = {} } }) or {})
result.hover = ask('textDocument/hover', { position = { line = 0, character = 3 } })
vim.api.nvim_buf_set_lines(buffer, 1, 2, false, { 'ErrorDocument 404 /' })
result.completion = vim.tbl_map(function(one) return one.label end,
  ask('textDocument/completion', { position = { line = 1, character = 19 } }) or {})
wait('the diagnostics do not follow the text', function() return #vim.diagnostic.get(buffer) == 0 end)
result.corrected = messages(buffer)
vim.api.nvim_buf_set_lines(buffer, 1, 2, false, { '<IfModule mod_dir.c>', 'DirectoryIndex a.html', '</IfModule>' })
vim.lsp.buf.formatting_sync({}, 5000)
result.formatted = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
vim.api.nvim_buf_set_lines(buffer, 0, -1, false, { 'SetEnv OLD 1', 'Header set X-A "%{OLD}e"' })
local edit = ask('textDocument/rename', { position = { line = 0, character = 8 }, newName = 'FRESH' })
if edit then vim.lsp.util.apply_workspace_edit(edit, 'utf-16') end
result.renamed = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)
finish()
