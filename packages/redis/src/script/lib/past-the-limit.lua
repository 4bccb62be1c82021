--@include keys.lua
-- Above `maxmemory` Redis refuses a script whose first write may need memory, and lets one go on whose first write frees
-- some (redis/src/script.c, scriptVerifyOOM). Submissions are refused. What keeps accepted work going, or ends it, must
-- not be: nothing would ever be finished and forgotten again. So those scripts begin with a write that needs no memory.
redis.call("DEL", key("nothing"))
