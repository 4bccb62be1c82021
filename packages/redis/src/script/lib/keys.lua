-- Every key of a cell begins with its prefix, which is KEYS[1]: one hash tag, one slot.
local prefix = KEYS[1]

-- Up to three parts. Written out: scripts build some twenty keys a job, and a table for each costs more than its name.
local function key(first, second, third)
  if third then return prefix .. first .. ":" .. second .. ":" .. third end
  if second then return prefix .. first .. ":" .. second end
  return prefix .. first
end
