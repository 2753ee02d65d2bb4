# SPDX-License-Identifier: GPL-2.0-or-later
# Reads the C sources of core and plugins and finds, by reading alone:
#
#   up      an edge from one room to a room that it may not know
#   circle  modules that need each other in a circle
#   file    two files with one name
#   twice   two functions with one name
#
# Prints one finding a line: kind, tab, text. The last line has the kind
# "total" and counts modules, circles and arrows that point up.
#
# A module is X.c together with X.h. An edge runs from module A to module B if
# a file of A includes B's header. An edge also runs if A names a function or a
# table that B's .c defines and exports. So a header that declares the functions
# of several files cannot hide a circle.
#
# order: "room: room room; ..." says which rooms each room may know.
# same: function names that may occur more than once.

BEGIN {
	count = split(order, rows, ";")
	for (i = 1; i <= count; i++) {
		split(rows[i], sides, ":")
		gsub(/[ \t\n]/, "", sides[1])
		known[sides[1]] = 1
		words = split(sides[2], names, /[ \t\n]+/)
		for (j = 1; j <= words; j++)
			may[sides[1], names[j]] = 1
	}
	count = split(same, names, /[ \t\n]+/)
	for (i = 1; i <= count; i++)
		allowed[names[i]] = 1
}

function module_of(path)
{
	sub(/\.[ch]$/, "", path)
	return path
}

# core/keeper/hear.c is in keeper; core/main.c is in main.
function room_of(path,    parts)
{
	split(path, parts, "/")
	if (parts[1] != "core")
		return parts[1]
	return parts[2] ~ /\.[ch]$/ || parts[3] == "" ? "main" : parts[2]
}

# Functions that can meet in one linked object: the core's, or one plugin's.
function object_of(path)
{
	if (path !~ /^plugins\//)
		return "core"
	sub(/^plugins\//, "", path)
	sub(/[_.].*/, "", path)
	return "plugins/" path
}

# The path of an included header, seen from the file that includes it.
function included_path(file, name)
{
	if (name ~ /^lvsmon\//)
		return "include/" name
	if (file ~ /^plugins\// && name !~ /\//)
		return "plugins/" name
	return "core/" name
}

function add_edge(from, to, place)
{
	if (from == to || (from, to) in edge)
		return
	edge[from, to] = place
	out[from] = out[from] " " to
	add_module(from)
	add_module(to)
}

function add_module(name)
{
	if (!(name in module)) {
		module[name] = 1
		modules[++module_count] = name
	}
}

# The line without comments, strings and characters; inside says whether a
# comment is still open.
function strip(line,    kept, mark)
{
	kept = ""
	while (line != "") {
		if (inside) {
			if (!match(line, /\*\//))
				return kept
			line = substr(line, RSTART + 2)
			inside = 0
			continue
		}
		if (!match(line, /["']|\/\*|\/\//))
			return kept line
		kept = kept substr(line, 1, RSTART - 1)
		mark = substr(line, RSTART, 1)
		if (substr(line, RSTART, 2) == "//")
			return kept
		line = substr(line, RSTART + 1)
		if (mark == "/") {
			line = substr(line, 2)
			inside = 1
		} else if (mark == "\"") {
			if (!match(line, /^([^"\\]|\\.)*"/))
				return kept
			line = substr(line, RLENGTH + 1)
			kept = kept "\"\""
		} else {
			if (!match(line, /^([^'\\]|\\.)*'/))
				return kept
			line = substr(line, RLENGTH + 1)
			kept = kept " "
		}
	}
	return kept
}

function define(name, exported)
{
	if ((FILENAME, name) in defined_here)
		return
	defined_here[FILENAME, name] = 1
	if (exported && FILENAME ~ /\.c$/)
		home[object_of(FILENAME), name] = module_of(FILENAME)
}

# head is the text before a function's brace.
function define_function(line,    name)
{
	gsub(/__attribute__\(\([^)]*(\([^)]*\))?[^)]*\)\)/, "", head)
	if (!match(head, /[A-Za-z_][A-Za-z0-9_]*\(/))
		return
	name = substr(head, RSTART, RLENGTH - 1)
	if ((FILENAME, name) in defined_here)
		return
	define(name, head !~ /(^|[ \n])static /)
	definitions[name] = definitions[name] " " FILENAME ":" line
	if (!(name in function_seen)) {
		function_seen[name] = 1
		function_names[++function_count] = name
	}
}

# An exported table or variable that is given its value here.
function define_data(line)
{
	if (line !~ /^[a-z].* = *(\{|[^=]*;)?$/ ||
		line ~ /^(static|typedef|extern) / || line ~ /\(/)
		return
	sub(/ *=.*/, "", line)
	gsub(/\[[^]]*\]/, "", line)
	sub(/.*[ *]/, "", line)
	define(line, 1)
}

function note_names(line,    count, parts, i)
{
	gsub(/(->|\.)[A-Za-z_][A-Za-z0-9_]*/, " ", line)
	gsub(/(struct|enum|union|goto) +[A-Za-z_0-9]+/, " ", line)
	gsub(/[^A-Za-z0-9_]+/, " ", line)
	count = split(line, parts, " ")
	for (i = 1; i <= count; i++)
		if (parts[i] !~ /^[0-9A-Z]/ && !((FILENAME, parts[i]) in used)) {
			used[FILENAME, parts[i]] = FNR
			use_file[++use_count] = FILENAME
			use_name[use_count] = parts[i]
		}
}

function note_include(line,    target, from, to)
{
	if (!match(line, /"[^"]+"/))
		return
	target = included_path(FILENAME, substr(line, RSTART + 1, RLENGTH - 2))
	from = room_of(FILENAME)
	to = room_of(target)
	add_edge(module_of(FILENAME), module_of(target), FILENAME ":" FNR)
	check_arrow(from, to, FILENAME ":" FNR ": " from " knows " to)
}

function check_arrow(from, to, text)
{
	if (from == to || (from, to) in may || text in told)
		return
	told[text] = 1
	ups++
	print "up\t" text (from in known ? "" : " (no such room)")
}

FNR == 1 {
	inside = body = 0
	head = ""
	add_module(module_of(FILENAME))
	base = FILENAME
	sub(/.*\//, "", base)
	if (base in file_named)
		print "file\t" file_named[base] " and " FILENAME
	file_named[base] = FILENAME
}

/^#[ \t]*include/ {
	note_include($0)
	next
}

{
	line = strip($0)
	if (line == "{") {
		body = 1
		define_function(FNR)
		head = ""
		next
	}
	if (line ~ /^}/)
		body = 0
	if (!body) {
		if (line ~ /^[ \t]*$/ || line ~ /[;}][ \t]*$/ || line ~ /^#/)
			head = ""
		else
			head = head "\n" line
		define_data(line)
	}
	# A prototype in a header uses nothing.
	if (body || line ~ /^#/ || FILENAME ~ /\.c$/)
		note_names(line)
}

function find_uses(    i, file, name, place, to, room)
{
	for (i = 1; i <= use_count; i++) {
		file = use_file[i]
		name = use_name[i]
		if ((file, name) in defined_here ||
			!((object_of(file), name) in home))
			continue
		to = home[object_of(file), name]
		place = file ":" used[file, name]
		add_edge(module_of(file), to, place)
		room = room_of(to ".c")
		check_arrow(room_of(file), room,
			place ": " room_of(file) " uses " name " of " room)
	}
}

# Two definitions may share a name only if they are in two plugins.
function can_meet(one, other)
{
	one = object_of(one)
	other = object_of(other)
	return one == other || one == "core" || other == "core"
}

function find_twice(    i, j, k, count, places, name, clash)
{
	for (i = 1; i <= function_count; i++) {
		name = function_names[i]
		count = split(definitions[name], places, " ")
		clash = 0
		for (j = 1; j <= count; j++)
			for (k = j + 1; k <= count; k++)
				if (can_meet(places[j], places[k]))
					clash = 1
		if (clash && !(name in allowed))
			print "twice\t" name ":" definitions[name]
	}
}

# The shortest way from a module back to itself, as a text; "" if none.
function way_back(start,
	queue, first, last, before, i, count, parts, at, path)
{
	first = last = 1
	queue[1] = start
	while (first <= last) {
		at = queue[first++]
		count = split(out[at], parts, " ")
		for (i = 1; i <= count; i++) {
			if (!((at, parts[i]) in edge))
				continue
			if (parts[i] == start) {
				path = start
				for (; at != start; at = before[at])
					path = at " " path
				return start " " path
			}
			if (!(parts[i] in before)) {
				before[parts[i]] = at
				queue[++last] = parts[i]
			}
		}
	}
	return ""
}

# Prints the shortest circle and cuts it; 0 if there is none left.
function cut_circle(    i, j, best, best_length, path, count, parts, text)
{
	best_length = 0
	for (i = 1; i <= module_count; i++) {
		path = way_back(modules[i])
		count = split(path, parts, " ")
		if (count > 0 && (best_length == 0 || count < best_length)) {
			best = path
			best_length = count
		}
	}
	if (best_length == 0)
		return 0
	split(best, parts, " ")
	text = parts[1]
	for (j = 1; j < best_length; j++)
		text = text " -> " parts[j + 1] \
			" (" edge[parts[j], parts[j + 1]] ")"
	print "circle\t" text
	delete edge[parts[best_length - 1], parts[best_length]]
	return 1
}

END {
	find_uses()
	find_twice()
	while (cut_circle())
		circles++
	printf "total\t%d modules, %d circles, %d arrows up\n",
		module_count, circles, ups
}
