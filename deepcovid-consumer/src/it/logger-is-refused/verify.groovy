String log = new File(basedir, 'build.log').text
assert log.contains('A library module uses slf4j-api alone.')
assert log =~ /org\.slf4j:slf4j-simple:jar:[\d.]+ <--- banned/
