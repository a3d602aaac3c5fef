local Base = {}
--    ^ definition.object lib/base.Base visibility=private

function Base:base() end
--       ^ references lib/base.Base scope
--            ^ definition.method lib/base.Base:base

return Base
--     ^ references lib/base.Base scope
