-- People sign in, one after the other and again: their names are the first argument and a number.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

function init(args)
   name, people, password, turn = args[1], tonumber(args[2]), args[3], 0
end

function request()
   turn = (turn + 1) % people
   return wrk.format(nil, nil, nil, '{"username":"' .. name .. turn .. '","password":"' .. password .. '"}')
end
