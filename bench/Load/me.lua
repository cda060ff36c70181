-- GET with the token of the first argument.
function init(args)
   wrk.headers["Authorization"] = "Bearer " .. args[1]
end
