-- Shapes.
local M = {}
--    ^ definition.object lib/shapes.M visibility=private doc=Shapes.

local util = require("lib.util")
--    ^ definition.import lib/shapes.util
--           ^ calls external
--                        ^ imports lib/util import

local Base = require "lib.base"
--    ^ definition.import lib/shapes.Base
--           ^ calls external
--                        ^ imports lib/base import

local other, more = 1, 2
--    ^ definition.variable lib/shapes.other visibility=private
--           ^ definition.variable lib/shapes.more visibility=private

local unset
--    ^ definition.variable lib/shapes.unset visibility=private

local word = "x"
--    ^ definition.variable lib/shapes.word visibility=private

--- Adds.
-- @param x one
function M.add(x, y)
--       ^ references lib/shapes.M scope
--         ^ definition.method lib/shapes.M.add static doc=Adds.

  return helper(x) + y
--       ^ calls lib/shapes.helper scope

end

local Shape = { sides = 3, area = function(self) return self.sides end }
--    ^ definition.object lib/shapes.Shape visibility=private
--              ^ definition.field lib/shapes.Shape.sides
--                         ^ definition.method lib/shapes.Shape.area static
--                                                           ^ references lib/shapes.Shape.sides self

Shape.__index = Shape
-- <- references lib/shapes.Shape scope
--    ^ definition.field lib/shapes.Shape.__index
--              ^ references lib/shapes.Shape scope

setmetatable(Shape, { __index = Base })
-- <- calls external
--           ^ references lib/shapes.Shape scope
--                              ^ implements lib/base.Base import

local Square = setmetatable({}, { __index = Shape })
--    ^ definition.object lib/shapes.Square visibility=private
--             ^ calls external
--                                          ^ extends lib/shapes.Shape scope

Global = {}
-- <- definition.object lib/shapes.Global

function Shape.new(n)
--       ^ references lib/shapes.Shape scope
--             ^ definition.method lib/shapes.Shape.new static

  local self = setmetatable({}, Shape)
--             ^ calls external
--                              ^ references lib/shapes.Shape scope

  self.n = n
--     ^ definition.field lib/shapes.Shape.n

  return self
end

function Shape:grow(by)
--       ^ references lib/shapes.Shape scope
--             ^ definition.method lib/shapes.Shape:grow

  self.n = self.n + by
--     ^ references lib/shapes.Shape.n type
--              ^ references lib/shapes.Shape.n type

  self:grow(1)
--     ^ calls lib/shapes.Shape:grow type

  self:base()
--     ^ calls lib/base.Base:base type

  return self:area()
--            ^ calls lib/shapes.Shape.area type

end

function Square:twice()
--       ^ references lib/shapes.Square scope
--              ^ definition.method lib/shapes.Square:twice

  return self:grow(2)
--            ^ calls lib/shapes.Shape:grow type

end

M.make = function(n)
-- <- references lib/shapes.M scope
  -- <- definition.method lib/shapes.M.make static

  local made = Shape.new(n)
--             ^ references lib/shapes.Shape scope
--                   ^ calls lib/shapes.Shape.new module

  made:grow(1)
--     ^ calls lib/shapes.Shape:grow inferred

  return made
end

local function helper(x)
--             ^ definition.function lib/shapes.helper visibility=private

  local function inner() return x end
--               ^ definition.function lib/shapes.helper.inner visibility=private

  return (inner() or x)
--        ^ calls lib/shapes.helper.inner scope

end

local late = function() return 1 end
--    ^ definition.function lib/shapes.late visibility=private

anonymous = function() end
-- <- definition.function lib/shapes.anonymous

function M.run(...)
--       ^ references lib/shapes.M scope
--         ^ definition.method lib/shapes.M.run static

  for i = 1, 10 do M.add(i, i) end
--                 ^ references lib/shapes.M scope
--                   ^ calls lib/shapes.M.add module

  for key, value in pairs(M) do print(key, value) end
--                  ^ calls external
--                        ^ references lib/shapes.M scope
--                              ^ calls external

  local text, rows = "x", {}
  text:upper()
--     ^ calls unresolved

  rows[1].x()
--        ^ calls unresolved

  M.limit = 3
  -- <- references lib/shapes.M scope
--  ^ definition.field lib/shapes.M.limit

  util.go()
  -- <- references lib/util.return import
--     ^ calls lib/util.return.go module

  util.late.deep()
  -- <- references lib/util.return import
--     ^ references unresolved
--          ^ calls unresolved

  M.make(1):grow(2)
  -- <- references lib/shapes.M scope
--  ^ calls lib/shapes.M.make module
--          ^ calls lib/shapes.Shape:grow inferred

  Global.missing()
  -- <- references lib/shapes.Global scope
--       ^ calls unresolved

  global_function()
  -- <- calls lib/util.global_function import

  require("lib.util").go()
  -- <- calls external
--             ^ imports lib/util import
--                    ^ calls lib/util.return.go module

  late()
  -- <- calls lib/shapes.late scope

  other.x = function() end
  -- <- references lib/shapes.other scope
--      ^ definition.method lib/shapes.M.run.other.x static

  goto done
  ::done::
  local named = { key = 1 }
  return named.key, M.limit
--             ^ references unresolved
--                  ^ references lib/shapes.M scope
--                    ^ references lib/shapes.M.limit module

end

count = 5
-- <- definition.variable lib/shapes.count

M.Shape = Shape
-- <- references lib/shapes.M scope
  -- <- definition.field lib/shapes.M.Shape
--        ^ references lib/shapes.Shape scope

return M
--     ^ references lib/shapes.M scope
