-- Every request presents a token that has not been used: a thread has a queue of them, takes one for each request and puts the one of the
-- answer at its end. Arguments: a file with one token a line, the number of threads.
local started = 0

function setup(thread)
   thread:set("number", started)
   started = started + 1
end

function init(args)
   queue, first, last = {}, 1, 0
   local threads, index, sample = tonumber(args[2]), 0, nil
   for token in io.lines(args[1]) do
      sample = token
      if index % threads == number then last = last + 1; queue[last] = token end
      index = index + 1
   end
   wrk.method = "POST"
   wrk.headers["Content-Type"] = "application/json"
   wrk.body = '{"refresh_token":"' .. sample .. '"}'
   local text = wrk.format()
   local from, to = text:find(sample, 1, true)
   before, after = text:sub(1, from - 1), text:sub(to + 1)
end

function request()
   local token = queue[first] or ""   -- an empty one is refused, and the refusal is counted
   queue[first] = nil
   if first <= last then first = first + 1 end
   return before .. token .. after
end

function response(status, headers, body)
   local token = body:match('"refresh_token":"([^"]+)"')
   if status == 200 and token then
      last = last + 1
      queue[last] = token
   end
end
