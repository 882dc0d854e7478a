package org.deepcovid.core.training;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.deepcovid.core.features.FeatureExtractor;
import org.deepcovid.core.inference.EngineReport;
import org.deepcovid.core.inference.FloatTensor;
import org.deepcovid.core.inference.InferenceEngine;
import org.deepcovid.core.inference.NetworkOutput;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.model.GraphSurgery;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The layers below the trained ones: computes the activations at the cut. Where the cut goes
 * through one square feature map this part runs as a backbone of its own, compiled if that is
 * possible; where it goes through several maps, as a DL4J graph; where nothing is frozen, rows are
 * the images.
 */
abstract class FrozenPart implements FeatureExtractor.Network, AutoCloseable {

    private final List<List<Long>> shapes;

    private FrozenPart(List<List<Long>> shapes) {
        this.shapes = List.copyOf(shapes);
    }

    static FrozenPart of(Backbone backbone, NetworkCut cut) {
        int size = backbone.spec().inputSize();
        ComputationGraphConfiguration configuration = backbone.graph().getConfiguration();
        if (cut.boundary().equals(configuration.getNetworkInputs())) {
            return new Images(size);
        }
        Map<String, InputType> types =
                configuration.getLayerActivationTypes(
                        false, InputType.convolutional(size, size, 3));
        List<List<Long>> shapes =
                cut.boundary().stream()
                        .map(name -> LongStream.of(types.get(name).getShape()).boxed().toList())
                        .toList();
        List<Long> first = shapes.get(0);
        if (shapes.size() == 1 && first.size() == 3 && first.get(1).equals(first.get(2))) {
            return new Trunk(backbone, cut.boundary().get(0), first);
        }
        return new Branches(backbone, cut.boundary(), shapes);
    }

    /** The shape of each vertex at the cut, without the batch. */
    List<List<Long>> shapes() {
        return shapes;
    }

    static int elements(List<Long> shape) {
        return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    }

    int rowLength() {
        return shapes.stream().mapToInt(FrozenPart::elements).reduce(0, Math::addExact);
    }

    /** Runtime with its version, for the identity of stored rows. */
    String engine() {
        return "DL4J";
    }

    /** Whether rows cost more to compute than to read from a file. */
    boolean isWorthKeeping() {
        return true;
    }

    /** One row per image: the activations of all vertices at the cut, one after another. */
    @Override
    public abstract List<float[]> rows(FloatBuffer images, int batch);

    @Override
    public void close() {}

    /** Nothing is frozen. */
    private static final class Images extends FrozenPart {

        Images(int size) {
            super(List.of(List.of(3L, (long) size, (long) size)));
        }

        @Override
        boolean isWorthKeeping() {
            return false; // pixels, of more bytes than their file
        }

        @Override
        public List<float[]> rows(FloatBuffer images, int batch) {
            return FeatureExtractor.PIXELS.rows(images, batch);
        }
    }

    /** One feature map. */
    private static final class Trunk extends FrozenPart {

        private final Backbone trunk;
        private final InferenceEngine engine;

        Trunk(Backbone backbone, String last, List<Long> shape) {
            super(List.of(shape));
            this.trunk = GraphSurgery.upTo(backbone, last);
            this.engine = InferenceEngine.of(trunk);
        }

        @Override
        String engine() {
            return engine.report().runtime();
        }

        @Override
        public boolean dependsOnBatch() {
            return engine.report().kind() != EngineReport.Kind.COMPILED;
        }

        @Override
        public List<float[]> rows(FloatBuffer images, int batch) {
            FloatTensor map =
                    engine.run(images, Set.of(NetworkOutput.FEATURE_MAP))
                            .get(NetworkOutput.FEATURE_MAP);
            List<float[]> rows = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                rows.add(map.row(i));
            }
            return rows;
        }

        @Override
        public void close() {
            engine.close();
            trunk.close();
        }
    }

    /** Several vertices. */
    private static final class Branches extends FrozenPart {

        private final ComputationGraph graph;
        private final long size;

        Branches(Backbone backbone, List<String> boundary, List<List<Long>> shapes) {
            super(shapes);
            this.graph = GraphSurgery.upTo(backbone.graph(), boundary);
            this.size = backbone.spec().inputSize();
        }

        @Override
        public List<float[]> rows(FloatBuffer images, int batch) {
            float[] values = new float[images.remaining()];
            images.duplicate().get(values);
            INDArray input = Nd4j.create(values, new long[] {batch, 3, size, size}, 'c');
            INDArray[] outputs = graph.output(false, input);
            List<float[]> rows = new ArrayList<>();
            for (int i = 0; i < batch; i++) {
                float[] row = new float[rowLength()];
                int at = 0;
                for (INDArray output : outputs) {
                    float[] part = output.slice(i).dup('c').data().asFloat();
                    System.arraycopy(part, 0, row, at, part.length);
                    at += part.length;
                }
                rows.add(row);
            }
            return rows;
        }

        @Override
        public void close() {
            graph.close();
        }
    }
}
