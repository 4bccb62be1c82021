--@include life.lua
-- Jobs that have waited for a while and of which nothing is written yet: so many are before them that no tick, which
-- reads only the heads of lanes, has come to them.
--
-- KEYS[1]  cell prefix
-- ARGV[1]  waited for at least this many ms   ARGV[2]  most jobs per call
--
-- Returns  {now_ms, {{job, lane, jobs before it, jobs in its lane, their prompt tokens, created_at_ms, deadline_at_ms,
--           features, hashes of its prompt's blocks}, …}}
local unseen = {}
local late = redis.call("ZRANGE", key("unseen"), "-inf", now_ms - tonumber(ARGV[1]), "BYSCORE", "LIMIT", 0, ARGV[2])
for _, id in ipairs(late) do
  local job = read(id, "state", "lane", "created_at_ms", "deadline_at_ms", "features")
  local rank = job.lane and redis.call("ZRANK", key("lane", job.lane), id)
  if job.state ~= "queued" or not rank or redis.call("EXISTS", key("job", id, "decisions")) == 1 then
    redis.call("ZREM", key("unseen"), id)
  else
    table.insert(unseen, { id, job.lane, rank, redis.call("ZCARD", key("lane", job.lane)),
      redis.call("HGET", key("lanes", "input"), job.lane) or "0", job.created_at_ms, job.deadline_at_ms, job.features,
      redis.call("GET", key("job", id, "prefix")) or "" })
  end
end
return { now_ms, unseen }
