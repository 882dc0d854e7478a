package org.deepcovid.models.weights;

/** Tells the kinds of weights files apart by their first bytes; the file's name does not count. */
final class TensorFiles {

    private TensorFiles() {}

    static TensorFile parse(FileBytes bytes) {
        if (bytes.startsWith(0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n')) {
            return KerasHdf5.parse(bytes.path().toString(), bytes.content());
        }
        if (bytes.startsWith('P', 'K', 3, 4)) {
            return KerasZip.parse(bytes);
        }
        if (bytes.content().length > 8 && bytes.content()[8] == '{') {
            return SafetensorsFile.parse(bytes);
        }
        if (bytes.startsWith(0x80)) {
            throw new WeightsException(
                    bytes.path()
                            + " looks like a Python pickle, which can run code when read and is not"
                            + " supported; save the weights as safetensors");
        }
        throw new WeightsException(
                ("%s (%d bytes) is neither HDF5, a Keras zip nor safetensors; expected a file that"
                     + " starts with one of their signatures. Was the download a web page?")
                        .formatted(bytes.path(), bytes.content().length));
    }
}
