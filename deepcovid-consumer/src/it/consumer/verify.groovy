// What was published: a complete description in every POM, and sources and documentation beside every jar.
import java.util.jar.JarFile

def pom = { String artifact ->
    new groovy.xml.XmlSlurper().parse(
            new File(localRepositoryPath, "org/deepcovid/$artifact/$version/$artifact-${version}.pom"))
}

def parent = pom('deepcovid-parent')
def bom = pom('deepcovid-bom')
for (described in [parent, bom]) {
    def where = described.artifactId.text()
    assert described.url.text(): "$where has no url"
    assert described.licenses.license.name.text() == 'Apache-2.0': where
    assert described.developers.developer.name.text(): "$where has no developer"
    assert described.scm.connection.text() && described.scm.url.text(): "$where has no scm"
}
// deepcovid-bom has no parent, so it repeats these.
for (shared in ['deepcovid.url', 'deepcovid.scm', 'dl4j.version']) {
    assert bom.properties."$shared".text() == parent.properties."$shared".text(): shared
}

for (module in ['deepcovid-parent', 'deepcovid-bom', 'deepcovid-core', 'deepcovid-models', 'deepcovid-eval',
               'deepcovid-phantoms', 'deepcovid-onednn']) {
    def published = pom(module)
    assert published.name.text() && published.description.text(): "$module lacks name or description"
    assert published.repositories.isEmpty() && published.pluginRepositories.isEmpty(): module
}

for (module in ['core', 'models', 'eval', 'phantoms', 'onednn']) {
    def target = new File(root, "deepcovid-$module/target")
    def names = { String kind ->
        new JarFile(new File(target, "deepcovid-$module-$version${kind}.jar")).withCloseable { jar ->
            jar.entries().collect { it.name } as Set
        }
    }
    def classes = names('')
    def sources = names('-sources')
    assert 'META-INF/LICENSE' in classes
    def unexplained = classes.findAll { it.endsWith('.class') && !it.contains('$') }
            .collect { it.replace('.class', '.java') } - sources
    assert unexplained.isEmpty(): "no sources of $unexplained"
    if (javadocSkipped != 'true') {
        def pages = names('-javadoc')
        assert 'index.html' in pages && "org/deepcovid/$module/".toString() in pages
    }
}

// The distribution: every file can be read by all users, and it runs from any folder.
def zip = new File(root, 'deepcovid-cli/target').listFiles().find { it.name.startsWith('deepcovid-' + version) && it.name.endsWith('.zip') }
assert zip: 'no zip of the command line'
if (!System.getProperty('os.name').startsWith('Windows')) {
    def unpacked = new File(basedir, 'a distribution')
    unpacked.deleteDir()
    unpacked.mkdirs()
    assert ['unzip', '-q', zip.path, '-d', unpacked.path].execute().waitFor() == 0: 'unzip failed'
    unpacked.eachFileRecurse(groovy.io.FileType.FILES) {
        assert java.nio.file.Files.getPosixFilePermissions(it.toPath()).contains(
                java.nio.file.attribute.PosixFilePermission.OTHERS_READ): it
    }
    def run = new ProcessBuilder(new File(unpacked, 'deepcovid/bin/deepcovid').path, 'info')
            .directory(unpacked).redirectErrorStream(true).start()
    def text = run.inputStream.text
    assert run.waitFor() == 0: text
    assert !text.contains('WARNING'): text
}
true
