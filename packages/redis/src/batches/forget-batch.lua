--@include past-the-limit.lua
--@include keys.lua
-- Forget a batch whose files are deleted.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch
local batch = ARGV[1]
local tenant, face = unpack(redis.call("HMGET", key("batch", batch), "tenant", "face"))
if tenant and tenant ~= "" then redis.call("ZREM", key("tenant", tenant, "batches:" .. face), batch) end
redis.call("DEL", key("batch", batch))
for _, index in ipairs({ "retained", "due", "leased" }) do redis.call("ZREM", key("batches", index), batch) end
return 1
