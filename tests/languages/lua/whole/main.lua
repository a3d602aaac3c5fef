local shapes = require "lib.shapes"
--    ^ definition.import main.shapes
--             ^ calls external
--                          ^ imports lib/shapes import

shapes.add(1, 2)
-- <- references lib/shapes.M import
--     ^ calls lib/shapes.M.add module

local s = shapes.Shape.new(3)
--    ^ definition.variable main.s visibility=private
--        ^ references lib/shapes.M import
--               ^ references lib/shapes.M.Shape module
--                     ^ calls lib/shapes.Shape.new module

s:grow(1)
-- <- references main.s scope
  -- <- calls lib/shapes.Shape:grow inferred
