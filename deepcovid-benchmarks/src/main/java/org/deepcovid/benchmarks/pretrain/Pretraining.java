package org.deepcovid.benchmarks.pretrain;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.deepcovid.core.model.Backbone;
import org.deepcovid.core.training.Optimizer.Adam;
import org.deepcovid.core.training.TrainableLayers.WholeBackbone;
import org.deepcovid.core.training.TrainableNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Trains all layers of a backbone to classify images. */
final class Pretraining {

    private Pretraining() {}

    /** Is called after each step, on the training thread; an exception ends the run. */
    @FunctionalInterface
    interface Listener {
        void onStep(int step, double loss);
    }

    /**
     * Trains, or continues from a checkpoint. The same arguments give the same weights on one
     * machine with one number of threads, with or without interruptions.
     *
     * @param backbone network with random weights; holds the learned ones afterwards
     * @param checkpoint written every {@code stepsBetween} steps and deleted at the end
     * @param run identifies plan and data; the checkpoint of another run is refused
     */
    static void run(
            Backbone backbone,
            PretrainingImages images,
            PretrainingPlan plan,
            Path checkpoint,
            String run,
            Listener listener,
            int stepsBetween) {
        Checkpoint file = new Checkpoint(checkpoint, run);
        List<Double> weights = Collections.nCopies(images.classNames().size(), 1.0);
        try (TrainableNetwork network =
                TrainableNetwork.of(
                        backbone,
                        new WholeBackbone(),
                        weights,
                        new Adam(),
                        plan.learningRate(),
                        plan.seed())) {
            int first =
                    file.read()
                            .map(
                                    state -> {
                                        network.restore(state);
                                        return state.steps();
                                    })
                            .orElse(0);
            train(network, images, plan, file, first, listener, stepsBetween);
            network.copyInto(backbone);
        }
        file.delete();
    }

    private static void train(
            TrainableNetwork network,
            PretrainingImages images,
            PretrainingPlan plan,
            Checkpoint file,
            int first,
            Listener listener,
            int stepsBetween) {
        int steps = plan.steps();
        CompletableFuture<PretrainingImages.Batch> next = draw(images, first, steps);
        for (int step = first; step < steps; step++) {
            PretrainingImages.Batch batch = next.join();
            next = draw(images, step + 1, steps);
            network.setLearningRate(plan.learningRateAt(step));
            double loss = network.fit(List.of(tensor(batch)), batch.labels());
            if ((step + 1) % stepsBetween == 0 && step + 1 < steps) {
                file.write(network.state());
            }
            listener.onStep(step + 1, loss);
        }
    }

    /** Draws the next batch while the network trains on the current one. */
    private static CompletableFuture<PretrainingImages.Batch> draw(
            PretrainingImages images, int step, int steps) {
        return step < steps
                ? CompletableFuture.supplyAsync(() -> images.batch(step))
                : CompletableFuture.completedFuture(null);
    }

    private static INDArray tensor(PretrainingImages.Batch batch) {
        long[] shape = {batch.labels().size(), 3, batch.size(), batch.size()};
        return Nd4j.create(batch.pixels(), shape, 'c');
    }
}
