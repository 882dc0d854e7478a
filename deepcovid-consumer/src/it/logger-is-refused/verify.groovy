String log = new File(basedir, 'build.log').text
assert log.contains('A library module uses slf4j-api alone.')
assert log.contains('org.slf4j:slf4j-simple:jar:2.0.17 <--- banned')
