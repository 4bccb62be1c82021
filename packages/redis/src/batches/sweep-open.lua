--@include past-the-limit.lua
--@include life.lua
-- Do one thing to the jobs of a batch that have not ended, a part of them at a time.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  batch   ARGV[2]  fence   ARGV[3]  "cancel", "hold" (out of their lanes) or "resume" (back into them)
-- ARGV[4]  cursor   ARGV[5]  about how many
--
-- Returns  the next cursor ("0": that was all), or nothing when somebody else has it
local batch, mode = ARGV[1], ARGV[3]
local open = key("batch", batch, "open")
if not holds_batch(batch, ARGV[2]) then return "" end
local expires_at_ms = tonumber(redis.call("HGET", key("batch", batch), "expires_at_ms"))
local reply = redis.call("SSCAN", open, ARGV[4], "COUNT", ARGV[5])
for _, id in ipairs(reply[2]) do
  local job = read_life(id)
  local waits = job.state == "queued" or job.state == "dispatched"
  if not is_live(job) then
    redis.call("SREM", open, id)
  elseif mode == "cancel" then
    if job.state == "running" then
      end_attempt(id, job, "cancelled")
      redis.call("PUBLISH", key("cancel"), id)
    end
    finish(id, job, "cancelled")
  elseif mode == "hold" and waits then
    -- Until the batch expires: nobody plans what is not available.
    requeue(id, job, expires_at_ms)
  elseif mode == "resume" and job.state == "queued" and tonumber(job.available_at_ms) >= expires_at_ms then
    -- What waits for its next attempt has a time of its own, which comes before that.
    requeue(id, job, now_ms)
  end
end
if mode ~= "cancel" then
  -- Whoever dies on the way leaves some held: then both directions have something to do.
  local through = mode == "hold" and "all" or "none"
  redis.call("HSET", key("batch", batch), "held", reply[1] == "0" and through or "some")
end
return reply[1]
