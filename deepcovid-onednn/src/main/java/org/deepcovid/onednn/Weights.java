package org.deepcovid.onednn;

import java.util.HashMap;
import java.util.Map;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.deepcovid.core.inference.NetworkParameters;
import org.deepcovid.core.inference.Precision;

/** Parameters in the layouts that oneDNN asked for, shared by the programs of a network. */
final class Weights implements AutoCloseable {

    private final NetworkParameters parameters;
    private final Precision precision;
    private final Map<String, memory> known = new HashMap<>();

    Weights(NetworkParameters parameters, Precision precision) {
        this.parameters = parameters;
        this.precision = precision;
    }

    Precision precision() {
        return precision;
    }

    /** A vector in single precision. */
    synchronized memory vector(String name, int length) {
        return known.computeIfAbsent(
                name, n -> filled(n, new long[] {length}, memory.format_tag.x).retainReference());
    }

    float[] values(String name) {
        return parameters.values(name);
    }

    /**
     * A convolution's kernel.
     *
     * @param shape [out, in, kh, kw]
     * @param wanted type and layout; the same for all programs, which are compiled alike
     */
    synchronized memory kernel(String name, long[] shape, memory.desc wanted) {
        return known.computeIfAbsent(
                name,
                n -> {
                    memory plain = filled(n, shape, memory.format_tag.oihw);
                    memory kernel = new memory(wanted, OneDnn.cpu());
                    stream queue = new stream(OneDnn.cpu());
                    reorder copy = new reorder(plain, kernel);
                    copy.execute(queue, plain, kernel);
                    queue._wait();
                    copy.deallocate();
                    queue.deallocate();
                    plain.deallocate();
                    return kernel.retainReference(); // also after the program's scope ends
                });
    }

    private memory filled(String name, long[] shape, memory.format_tag tag) {
        float[] values = parameters.values(name);
        memory.desc layout = new memory.desc(shape, memory.data_type.f32, tag);
        memory plain = new memory(layout, OneDnn.cpu());
        new FloatPointer(plain.get_data_handle()).put(values, 0, values.length);
        return plain;
    }

    @Override
    public void close() {
        known.values().forEach(memory::deallocate);
        known.clear();
    }
}
