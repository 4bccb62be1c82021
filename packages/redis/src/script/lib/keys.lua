-- Every key of a cell begins with its prefix, which is KEYS[1]: one hash tag, one slot.
local prefix = KEYS[1]

local function key(...)
  return prefix .. table.concat({ ... }, ":")
end
