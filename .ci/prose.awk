# SPDX-License-Identifier: GPL-2.0-or-later
# Reads prose out of C, scripts, manuals and Markdown. Prints one sentence a
# line: file:line of its paragraph, tab, number of words, tab, sentence.
#
# Not prose: code, quoted text, macros and displays of manuals, indented blocks,
# tables and licence lines. Quoted text and a macro's line within a sentence
# count as one word, X.

# C sources have block comments; manuals have macros; the rest is told by name.
function kind_of(name)
{
	if (name ~ /\.[ch]$/)
		return "c"
	if (name ~ /\.md$/)
		return "markdown"
	if (name ~ /\.[1-9]$/)
		return "manual"
	return name ~ /\.py$/ ? "python" : "script"
}

# Ends the paragraph: prints its sentences.
function flush(    rest, sentence, at, mark)
{
	rest = text
	text = ""
	gsub(/`[^`]*`/, "X", rest)
	gsub(/"[^"]*"/, "X", rest)
	gsub(/e\.g\./, "eg", rest)
	gsub(/i\.e\./, "ie", rest)
	gsub(/[ \t]+/, " ", rest)
	while (match(rest, /[.!?][)"']*( |$)/)) {
		sentence = substr(rest, 1, RSTART)
		rest = substr(rest, RSTART + RLENGTH)
		say(sentence)
	}
	say(rest)
}

function say(sentence,    words)
{
	sub(/^[^A-Za-z0-9]+/, "", sentence)
	words = split(sentence, parts, /[^A-Za-z0-9'_.-]+/)
	if (parts[words] == "" || parts[words] == ".")
		words--
	if (words >= 3)
		print place "\t" words "\t" sentence
}

function add(line)
{
	sub(/^[ \t]+/, "", line)
	if (line == "") {
		flush()
		return
	}
	if (line ~ /SPDX-License|shellcheck|clang-format|NOLINT/)
		return
	if (text == "")
		place = FILENAME ":" FNR
	# An item of a list begins a paragraph.
	if (line ~ /^([*-]|[0-9]+\.) /) {
		flush()
		place = FILENAME ":" FNR
		sub(/^([*-]|[0-9]+\.) +/, "", line)
	}
	text = text " " line
}

# Adds the comments of a line of C; inside says whether one is open.
function read_c(line,    mark)
{
	while (line != "") {
		if (inside) {
			sub(/^[ \t]*\*+ /, "", line)
			sub(/^[ \t]*\*+$/, "", line)
			if (!match(line, /\*\//)) {
				add(line)
				return
			}
			add(substr(line, 1, RSTART - 1))
			flush()
			line = substr(line, RSTART + 2)
			inside = 0
			continue
		}
		if (!match(line, /["']|\/\*|\/\//))
			return
		mark = substr(line, RSTART, 2)
		line = substr(line, RSTART + 1)
		if (mark == "//") {
			add(substr(line, 2))
			flush()
			return
		}
		if (mark == "/*") {
			line = substr(line, 2)
			inside = 1
			if (line ~ /^[ \t]*$/)
				return
		} else if (mark ~ /^"/ && match(line, /^([^"\\]|\\.)*"/)) {
			line = substr(line, RLENGTH + 1)
		} else if (mark ~ /^'/ && match(line, /^([^'\\]|\\.)*'/)) {
			line = substr(line, RLENGTH + 1)
		}
	}
	if (inside)
		flush()
}

# Whole lines that begin with #, as in shell, CMake, Python and plays.
function read_script(line)
{
	if (line !~ /^[ \t]*#/ || line ~ /^#!/) {
		flush()
		return
	}
	sub(/^[ \t]*#+/, "", line)
	# Indented further: a usage line or a sketch.
	if (line ~ /^(  |\t)/)
		line = ""
	add(line)
}

function read_python(line)
{
	if (!inside && line !~ /"""/) {
		read_script(line)
		return
	}
	if (!inside) {
		flush()
		# A string that is given a name is no prose.
		display = line !~ /^[ \t]*"""/
	}
	quotes = gsub(/"""/, "", line)
	if (!display)
		add(line)
	if (quotes == 1)
		inside = !inside
	if (!inside)
		flush()
}

# Both macro sets of manuals: mdoc(7) and man(7).
function read_manual(line)
{
	if (line ~ /^\.(Bd|nf|EX)/) {
		flush()
		display = line !~ /^\.Bd -(filled|ragged)/
	} else if (line ~ /^\.(Ed|fi|EE)/) {
		display = 0
	} else if (display || line ~ /^\.\\"/) {
		return
	} else if (line ~ /^\.(Sh|Ss|Pp|It|Bl|El|Dd|Dt|Os|Nd|Dl|D1)/ ||
		line ~ /^\.(TH|SH|SS|PP|TP|IP|RS|RE|HP)/) {
		flush()
		# The line after this one is the item's head.
		skip = line ~ /^\.TP/
	} else if (skip) {
		skip = 0
	} else if (line ~ /^\./) {
		add(line ~ / [.]$|\.$/ ? "X." : "X")
	} else {
		gsub(/\\(f[BIR]|[&e-])/, "", line)
		add(line)
	}
}

function read_markdown(line)
{
	if (line ~ /^```/) {
		flush()
		display = !display
	} else if (display || line ~ /^(    |\t|\||#)/) {
		flush()
	} else {
		gsub(/\*\*/, "", line)
		add(line)
	}
}

FNR == 1 {
	flush()
	inside = display = skip = 0
	kind = kind_of(FILENAME)
}

kind == "c" { read_c($0) }
kind == "script" { read_script($0) }
kind == "python" { read_python($0) }
kind == "manual" { read_manual($0) }
kind == "markdown" { read_markdown($0) }

END { flush() }
