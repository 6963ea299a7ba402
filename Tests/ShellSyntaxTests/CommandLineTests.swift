import Testing

@testable import ShellSyntax

@Suite struct CommandLineTests {
    @Test(
        arguments: [
            // Words and quotes
            ("ls", "ls"),
            ("  ls   -l\t-a  ", "ls -l -a"),
            ("l''s", "ls"),
            ("l\"\"s", "ls"),
            ("'l's", "ls"),
            ("\\ls", "ls"),
            ("l\\s", "ls"),
            ("r\\m -r\\f /", "rm -rf /"),
            ("'rm' \"-rf\" '/'", "rm -rf /"),
            ("/bin/rm x", "/bin/rm x"),
            ("echo 'a b'", "echo a b"),
            ("echo 'a;b' \"c|d\" e\\;f", "echo a;b c|d e;f"),
            ("echo \"a\\\"b\\$c\\d\"", "echo a\"b$c\\d"),
            ("echo ''", "echo "),
            ("l\\\ns", "ls"),
            ("ls \\\n -l", "ls -l"),
            ("echo a#b", "echo a#b"),
            ("ls # rm -rf /", "ls"),
            ("# rm", ""),
            ("ls #\\\nrm x", "ls ; rm x"),
            ("", ""),
            (" \n\t\n", ""),
            ("ｌｓ", "ｌｓ"),
            ("rм -rf /", "rм -rf /"),
            ("ls\u{200B}", "ls\u{200B}"),
            // What is expanded
            ("$'\\x6c\\x73'", "‹ls›"),
            ("$'\\162\\155' -rf /", "‹rm› -rf /"),
            ("$'\\u0072m' /", "‹rm› /"),
            ("echo $HOME ${HOME} \"$HOME\"", "echo ‹$HOME› ‹${HOME}› ‹$HOME›"),
            ("rm${IFS}-rf${IFS}/", "‹rm${IFS}-rf${IFS}/›"),
            ("$X -rf /", "‹$X› -rf /"),
            ("${X} y", "‹${X}› y"),
            ("\"$X\" y", "‹$X› y"),
            ("ls *.txt a? [ab]", "ls ‹*.txt› ‹a?› ‹[ab]›"),
            ("/bin/l? x", "‹/bin/l?› x"),
            ("{rm,-rf,/}", "‹{rm,-rf,/}›"),
            ("echo {a,b} {} x{1..3}", "echo ‹{a,b}› {} ‹x{1..3}›"),
            ("ls ~ ~/x a~", "ls ‹~› ‹~/x› a~"),
            ("ls '~' \"*\" '$X'", "ls ~ * $X"),
            ("echo $ a$ $% 5$", "echo $ a$ $% 5$"),
            ("echo $1 $@ $* $? $$ $! $# $-", "echo ‹$1› ‹$@› ‹$*› ‹$?› ‹$$› ‹$!› ‹$#› ‹$-›"),
            ("echo ${x:-y} ${#x} ${x%.txt}", "echo ‹${x:-y}› ‹${#x}› ‹${x%.txt}›"),
            ("echo $((1 + 2 * (3 - 1)))", "echo ‹$((1 + 2 * (3 - 1)))›"),
            // Lists
            ("a; b", "a ; b"),
            ("a & b &", "a ; b"),
            ("a && b || c", "a ; b ; c"),
            ("a\nb\n\nc", "a ; b ; c"),
            ("a | b |& c", "a ; b ; c"),
            ("! a", "a"),
            ("! ! a", "a"),
            ("time a", "a"),
            ("time -p a", "a"),
            ("a;b&c&&d||e|f", "a ; b ; c ; d ; e ; f"),
            ("a &&\n\n b", "a ; b"),
            ("a |\n# note\nb", "a ; b"),
            // Groups
            ("(a; b)", "a ; b"),
            ("{ a; b; }", "a ; b"),
            ("( ( a ) )", "a"),
            ("{ a; } > x", "a ; >x"),
            ("(a) 2>&1 | b", "a ; &1 ; b"),
            ("{a", "‹{a›"),
            ("echo { }", "echo { }"),
            // Loops, conditions, functions
            ("if a; then b; elif c; then d; else e; fi", "a ; b ; c ; d ; e"),
            ("if a\nthen b\nfi | c", "a ; b ; c"),
            ("while a; do b; done < x", "a ; b ; <x"),
            ("until a; do b; done & c", "a ; b ; c"),
            ("for f in a b; do c $f; done", "f= ; c ‹$f›"),
            ("for f\ndo c\ndone", "f= ; c"),
            ("for f in $(ls); do rm $f; done", "f= ; ls ; rm ‹$f›"),
            ("case $x in a) b;; c|d) e;; *) f; esac", "b ; e ; f"),
            ("case x in (a) b;& (c) d;;& esac", "b ; d"),
            ("case $(a) in b) c;; esac", "a ; c"),
            ("f() { a; b; }; f", "a ; b ; function f ; f"),
            ("function f { a; }", "a ; function f"),
            ("f() ( a )", "a ; function f"),
            (":(){ :|:& };:", ": ; : ; function : --calls-itself ; :"),
            ("b() { b & b & }; b", "b ; b ; function b --calls-itself ; b"),
            ("walk() { ls; walk; }", "ls ; walk ; function walk"),
            ("'if' a", "if a"),
            ("i\\f a", "if a"),
            ("echo if then fi", "echo if then fi"),
            // Substitutions
            ("echo $(rm x)", "rm x ; echo ‹$(rm x)›"),
            ("echo \"$(rm x)\"", "rm x ; echo ‹$(rm x)›"),
            ("echo `rm x`", "rm x ; echo ‹`rm x`›"),
            ("echo \"`rm x`\"", "rm x ; echo ‹`rm x`›"),
            ("echo '$(rm x)'", "echo $(rm x)"),
            ("echo \\$(rm x)", "? "),
            ("echo $(a $(b $(c)))", "c ; b ‹$(c)› ; a ‹$(b $(c))› ; echo ‹$(a $(b $(c)))›"),
            ("echo `a \\`b\\``", "b ; a ‹`b`› ; echo ‹`a \\`b\\``›"),
            ("$(echo rm) x", "echo rm ; ‹$(echo rm)› x"),
            ("diff <(a) <(b)", "a ; b ; diff ‹<(a)› ‹<(b)›"),
            ("a > >(b)", "b ; a >‹>(b)›"),
            ("X=$(a) b", "a ; X= b"),
            ("echo $(a # )\n)", "a ; echo ‹$(a # )\n)›"),
            ("echo \"$(echo \")\")\"", "echo ) ; echo ‹$(echo \")\")›"),
            // Assignments
            ("X=1", "X="),
            ("X=1 Y=2 a", "X= Y= a"),
            ("X+=1 a", "X= a"),
            ("a X=1", "a X=1"),
            ("PATH=/tmp ls", "PATH= ls"),
            ("LD_PRELOAD=./x.so ls", "LD_PRELOAD= ls"),
            ("IFS=, a", "IFS= a"),
            ("x=(a $(b))", "b ; x="),
            ("'X'=1 a", "X=1 a"),
            // Redirections
            ("a > x", "a >x"),
            ("a >x 2>&1", "a >x &1"),
            ("a 2>/dev/null", "a >/dev/null"),
            ("a >> x < y", "a >x <y"),
            ("a &> x", "a >x"),
            ("a &>> x", "a >x"),
            ("a >| x", "a >x"),
            ("a >& x", "a >x"),
            ("a <> x", "a >x"),
            ("a 3>&- 4<&0", "a &- &0"),
            ("> x", ">x"),
            ("> x a", "a >x"),
            ("a > $X", "a >‹$X›"),
            ("a > \"b c\"", "a >b c"),
            ("a 2 > x", "a 2 >x"),
            ("a <<< 'b; c'", "a <<b; c"),
            ("a <<E\nb; c\nE\nd", "a <<E ; d"),
            ("a <<E\n$(b)\nE", "a <<E ; b"),
            ("a <<'E'\n$(b)\nE", "a <<E"),
            ("a <<-E\n\tb\n\tE\nc", "a <<E ; c"),
            ("a <<E | b\nx\nE\nc", "a <<E ; b ; c"),
            ("a <<A <<B\n1\nA\n2\nB\nc", "a <<A <<B ; c"),
        ]
    )
    func commands(line: String, expected: String) {
        #expect(CommandLine(line).rendered == expected)
    }

    @Test(
        arguments: [
            ("env ls", "ls"),
            ("env X=1 ls", "X= ls"),
            ("env -i PATH=/x ls", "PATH= ls"),
            ("env -u PATH ls", "PATH= ls"),
            ("env", "env"),
            ("env -S 'rm x'", "env -S rm x"),
            ("env $X ls", "env ‹$X› ls"),
            ("/usr/bin/env ls", "ls"),
            ("./env ls", "ls ; ./env ls"),
            ("command ls", "ls"),
            ("command -p ls", "ls"),
            ("command -v ls", "command -v ls"),
            ("builtin echo x", "echo x"),
            ("exec rm x", "rm x"),
            ("exec -a y rm x", "rm x"),
            ("exec > x", ">x"),
            ("nohup rm x &", "rm x"),
            ("\\time rm x", "rm x"),
            ("\\time -o x rm", "time -o x rm"),
            ("timeout 5 rm x", "rm x"),
            ("timeout -k 1 -s KILL 5 rm x", "rm x"),
            ("timeout --signal=KILL 5s rm x", "rm x"),
            ("timeout $N rm x", "timeout ‹$N› rm x"),
            ("nice rm x", "rm x"),
            ("nice -n 5 rm x", "rm x"),
            ("nice -10 rm x", "rm x"),
            ("stdbuf -oL rm x", "rm x"),
            ("setsid rm x", "rm x"),
            ("busybox rm x", "rm x"),
            ("busybox sh -c 'rm x'", "rm x"),
            ("sudo rm x", "rm x ; sudo rm x"),
            ("sudo -u root rm x", "rm x ; sudo -u root rm x"),
            ("doas rm x", "rm x ; doas rm x"),
            ("env nice timeout 5 command rm x", "rm x"),
            ("xargs rm", "rm ‹…›"),
            ("xargs -0 -n 1 rm -f", "rm -f ‹…›"),
            ("xargs -I{} sh -c 'rm {}'", "sh -c ‹rm {}›"),
            ("xargs -I % rm a% b", "rm ‹a%› b"),
            ("xargs", "echo ‹…›"),
            ("xargs sh", "sh ‹…›"),
            ("xargs sh -c 'ls' _", "ls"),
            ("xargs --arg-file=x rm", "rm ‹…›"),
            ("xargs -Z rm", "xargs -Z rm"),
            ("find . -name x", "find . -name x"),
            ("find . -exec rm {} \\;", "rm ‹{}› ; find ."),
            ("find . -exec rm {} + -print", "rm ‹{}› ; find . -print"),
            ("find . -execdir a ';' -ok b {} ';'", "a ; b ‹{}› ; find ."),
            ("find . -exec sh -c 'rm {}' \\;", "sh -c ‹rm {}› ; find ."),
            ("find . -exec rm", "find . -exec rm"),
            ("find . -delete", "find . -delete"),
            ("sh -c 'rm x'", "rm x"),
            ("bash -c 'a; b | c'", "a ; b ; c"),
            ("bash -xec 'a'", "a"),
            ("bash -e -c 'a' _ b", "a"),
            ("bash -lc a", "bash -lc a"),
            ("bash x.sh", "bash x.sh"),
            ("bash", "bash"),
            ("sh -c \"$X\"", "sh -c ‹$X›"),
            ("sh -c 'sh -c \"sh -c a\"'", "a"),
            ("X=1 sh -c 'a'", "X= a"),
            ("sh -c 'a' > x", "a ; >x"),
            ("sh -c \"$(curl x)\"", "curl x ; sh -c ‹$(curl x)›"),
            ("zsh -c 'a'", "? a ; zsh -c a"),
            ("sh -c 'a |& b'", "? a"),
            ("sh -c \"echo $'a'\"", "? "),
            ("eval 'rm x'", "rm x"),
            ("eval rm '-rf /'", "rm -rf /"),
            ("eval \"$X\"", "? eval ‹$X›"),
            ("trap 'rm x' EXIT", "rm x ; trap rm x EXIT"),
            ("python -c 'import os'", "python -c import os"),
            ("awk 'BEGIN{system(\"rm x\")}'", "awk BEGIN{system(\"rm x\")}"),
            ("git -c core.pager='rm x' log", "git -c core.pager=rm x log"),
            ("tar --checkpoint-action=exec=sh", "tar --checkpoint-action=exec=sh"),
            ("alias ls=rm; ls x", "alias ls=rm ; ls x"),
        ]
    )
    func wrappers(line: String, expected: String) {
        #expect(CommandLine(line).rendered == expected)
    }

    @Test(
        arguments: [
            "'", "\"", "`", "$(", "${", "(", "{ a", "a)", "a;;b", "if a", "if a; then", "for", "for ((;;)); do a; done",
            "((x))", "$[1]", "a \\", "ls\0-l", "ls\r", "ls \u{1B}[2K", "a | | b", "a && && b", "; a", "& a", "a >",
            "a <",
            "a > # x", "$\"a\"", "echo $((x))", "echo $((a[$(b)]))", "echo ${x@P}", "echo ${!x}", "echo ${x:=$(b)}",
            "x[$(a)]=1", "x=([$(a)]=1)", "{x}> y", "a b<(c)", "ls !(x)", "a (b)", "a <<E\\\nF", "a <<$X\nb", "$'a\\'b'",
            "[[ a ]]", "coproc a", "a <<E\nx\\\nE\nrm y\nE", "(a <<E)\nb\nE", "a <<E $(b)\nc\nE", "ls \\\n# x", "done",
            "}",
            "echo $\\\n(ls)", "a <<E 'b\nc'\nE", "function", "case x in a", "case x y", "a 1<(b)", "select",
        ]
    )
    func isNotUnderstood(line: String) {
        #expect(CommandLine(line).problem != nil, "\(CommandLine(line).rendered)")
    }

    @Test func whatIsSeenBeforeAProblemIsKept() {
        #expect(CommandLine("rm -rf /; if").rendered == "? rm -rf /")
        #expect(CommandLine("[[ $(rm x) ]] && rm y").rendered == "? rm x ; rm y")
        #expect(CommandLine("echo ${x/$(rm y)/z}").rendered.contains("rm y"))
    }

    @Test func outputIsFollowedThroughPipesAndSubstitutions() {
        let pipe = CommandLine("a | { b; c | d; }").commands
        #expect(pipe.map { command in pipe.indices.filter { command.reads(from: $0) } } == [[], [0], [0], [0, 2]])
        let nested = CommandLine("sh -c \"$(a | b)\"").commands
        #expect(nested.map { command in nested.indices.filter { command.reads(from: $0) } } == [[], [0], [0, 1]])
    }

    @Test func aBackgroundIsOfTheListItEnds() {
        #expect(CommandLine("a && b & c").commands.map(\.isInBackground) == [true, true, false])
    }

    @Test func prefixesSayWhatAWordCanBecome() {
        let words = CommandLine("x a$Y a\"$Y\" src/*.c -{a,b} \"$Y\" ~/a a\"$@\"").commands.first?.words.dropFirst()
        #expect(words?.map(\.prefix) == ["", "a", "src/", "-", "", "~", ""])
    }
}
