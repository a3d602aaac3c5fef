local function go() return 1 end
--             ^ definition.function lib/util.go visibility=private

function global_function() end
--       ^ definition.function lib/util.global_function

return {
-- <- definition.object lib/util.return

  go = go,
  -- <- definition.property lib/util.return.go
--     ^ references lib/util.go scope

  stop = function() end,
  -- <- definition.method lib/util.return.stop static

}
