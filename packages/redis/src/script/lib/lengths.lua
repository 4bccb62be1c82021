--@include keys.lua
-- How long answers are, learned from usage: `lengths`, by tenant, model group as in lanes' names, and task, "*" for any;
-- "<p50> <p90> <mean> <samples>". The arithmetic is that of packages/core/src/prediction/learn-output-length.ts, which
-- says why: change both.
local SPREAD, FIRST_STEP, MOST_STEP, LEAST_STEP, CLIP, MOST_TOKENS = 2, 3, 0.5, 0.01, 4, 1048576
-- What a snapshot carries; of tenants and tasks beyond them nothing is known but what their model does.
local MOST_FIELDS = 10000

local function learned(length, output_tokens)
  local tokens = math.min(math.max(output_tokens, 1), MOST_TOKENS)
  local p50, p90, mean, samples = string.match(length or "", "^(%S+) (%S+) (%S+) (%S+)$")
  p50, p90, mean, samples = tonumber(p50), tonumber(p90), tonumber(mean), tonumber(samples)
  if not (p50 and p90 and mean and samples) then return tokens, tokens * SPREAD, tokens, 1 end
  samples = samples + 1
  local step = math.min(math.max(FIRST_STEP / samples, LEAST_STEP), MOST_STEP)
  local clipped = math.min(tokens, CLIP * p90)
  mean = mean + (clipped - mean) * math.max(1 / samples, LEAST_STEP)
  p50 = tokens > p50 and p50 * (1 + step * 0.5) or p50 / (1 + step * 0.5)
  p90 = tokens > p90 and p90 * (1 + step * 0.9) or p90 / (1 + step * 0.1)
  return math.max(p50, 1), math.max(p90, p50, 1), mean, samples
end

-- Nothing is learned from a job without an answer of its own, such as an embedding.
local function learn_lengths(tenant, lane, features, output_tokens)
  local group, task = string.match(lane, "^[^:]+:([^:]+):"), string.match(features, "^%S+ %S+ %S+ %S+ (%S+)")
  if not (group and task and output_tokens > 0) then return end
  local lengths = key("lengths")
  for _, field in ipairs({ "* " .. group .. " *", tenant .. " " .. group .. " *",
    tenant .. " " .. group .. " " .. task }) do
    local length = redis.call("HGET", lengths, field)
    if length or redis.call("HLEN", lengths) < MOST_FIELDS then
      redis.call("HSET", lengths, field, string.format("%.17g %.17g %.17g %d", learned(length, output_tokens)))
    end
  end
end
