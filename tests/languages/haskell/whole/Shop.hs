module Data.Shop (price, Item(..)) where

import Data.List

-- | What it costs.
price :: Int -> Int
-- <- definition.function Data.Shop.price doc=What_it_costs.

price 0 = 1
price x = x + 1

data Item a = Plain Int | Boxed { weight :: Int, box :: a } deriving Show
--   ^ definition.class Data.Shop.Item
--            ^ definition.constructor Data.Shop.Item.Plain
--                        ^ definition.constructor Data.Shop.Item.Boxed
--                                ^ definition.field Data.Shop.Item.weight
--                                               ^ definition.field Data.Shop.Item.box

newtype Name = Name { text :: Int }
--      ^ definition.class Data.Shop.Name
--             ^ definition.constructor Data.Shop.Name.Name
--                    ^ definition.field Data.Shop.Name.text

type Total = Int
--   ^ definition.type Data.Shop.Total

class Show a => Priced a where
--              ^ definition.interface Data.Shop.Priced

  cost :: a -> Int
  -- <- definition.method Data.Shop.Priced.cost

  cost _ = 2
  other x = 1
  -- <- definition.method Data.Shop.Priced.other

instance Priced Item where
--       ^ definition.object Data.Shop.Priced

  cost x = 1
  -- <- definition.method Data.Shop.Priced.cost

  same = cost
  -- <- definition.method Data.Shop.Priced.same

instance Show Item
--       ^ definition.object Data.Shop.Show

x <+> y = 3
  -- <- definition.function Data.Shop.<+>

limit = 2
-- <- definition.function Data.Shop.limit

data Expr where
--   ^ definition.class Data.Shop.Expr

  Lit :: Int -> Expr
  -- <- definition.constructor Data.Shop.Expr.Lit

type family Elem a
--          ^ definition.type Data.Shop.Elem
