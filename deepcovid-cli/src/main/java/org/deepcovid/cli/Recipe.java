package org.deepcovid.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.deepcovid.core.image.Augmentation;
import org.deepcovid.core.training.AugmentationPlan;
import org.deepcovid.core.training.ClassBalance;
import org.deepcovid.core.training.FineTuneConfig;
import org.deepcovid.core.training.LearningRateSchedule;
import org.deepcovid.core.training.Optimizer;
import org.deepcovid.core.training.TrainableLayers;
import org.deepcovid.eval.metrics.ThresholdRule;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of fine-tuning: a recipe, and changes of it. */
final class Recipe {

    /** Where the other options begin. */
    enum Base {
        PAPER(FineTuneConfig.defaults()),
        ROBUST(FineTuneConfig.robust());

        @SuppressWarnings("ImmutableEnumChecker") // a record of immutable values
        private final FineTuneConfig config;

        Base(FineTuneConfig config) {
            this.config = config;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT); // as on the command line
        }
    }

    private static final String COPIES = "--copies";
    private static final String POSITIVES = "positives";
    private static final double MOMENTUM = 0.9;

    @Mixin private final Epochs epochs = new Epochs();
    @Mixin private final RuleOptions rule = new RuleOptions();

    @Option(
            names = "--recipe",
            paramLabel = "RECIPE",
            description =
                    "${COMPLETION-CANDIDATES}: paper is that of Minaee et al. (2020); robust, for"
                            + " images of other origins, is the same after uniform borders are"
                            + " trimmed and grey levels stretched (default ${DEFAULT-VALUE})")
    private Base base = Base.PAPER;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "step size (default ${DEFAULT-VALUE})")
    private double learningRate = 1e-4;

    @Option(
            names = "--schedule",
            paramLabel = "SCHEDULE",
            description =
                    "learning rate over the epochs: constant, step:FACTOR:EPOCHS, cosine or"
                            + " cosine:WARM-UP-EPOCHS (default ${DEFAULT-VALUE})")
    private String schedule = "constant";

    @Option(
            names = "--optimizer",
            paramLabel = "OPTIMIZER",
            description = "adam, sgd or sgd:MOMENTUM (default ${DEFAULT-VALUE})")
    private String optimizer = "adam";

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "images per update (default ${DEFAULT-VALUE})")
    private int batchSize = 20;

    @Option(
            names = "--augment",
            paramLabel = "PLAN",
            description =
                    "which images are changed at random: positives, all, all:DRAWS or none"
                            + " (default ${DEFAULT-VALUE})")
    private String augment = POSITIVES;

    @Option(
            names = COPIES,
            paramLabel = "N",
            description =
                    "versions of each positive image, all but one augmented (default"
                            + " ${DEFAULT-VALUE})")
    private int copies = 5;

    @Option(
            names = "--balance",
            paramLabel = "BALANCE",
            description = "weighted, so that all labels count equally, or none (default weighted)")
    private String balance = "weighted";

    @Option(
            names = "--train-from",
            paramLabel = "LAYER",
            description =
                    "also train the network from this layer on; or last-stage, or all (default:"
                            + " only the head). 'info --layers' lists the layers")
    private String trainFrom;

    @Option(
            names = "--early-stopping",
            paramLabel = "EPOCHS",
            description =
                    "stop after this many epochs without a lower validation loss (default: never)")
    private Integer patience;

    /** Of these options and those of the splits and seeds, for a command that trains nothing. */
    static void withoutEffect(Subcommand command, String reason) {
        command.withoutEffect(
                reason,
                "--recipe",
                "--epochs",
                "--sensitivity",
                "--rule",
                "--learning-rate",
                "--schedule",
                "--optimizer",
                "--batch-size",
                "--augment",
                COPIES,
                "--balance",
                "--train-from",
                "--early-stopping",
                "--seeds",
                "--validation",
                "--test");
    }

    ThresholdRule rule(Subcommand command) {
        return rule.rule(command);
    }

    FineTuneConfig config(Subcommand command) {
        if (!(learningRate > 0 && learningRate < Double.POSITIVE_INFINITY)) {
            throw command.usage(
                    "--learning-rate is %s; expected a positive number such as 1e-4", learningRate);
        }
        FineTuneConfig config =
                base.config
                        .withSeed(command.seed())
                        .withEpochs(epochs.get(command))
                        .withLearningRate(learningRate)
                        .withBatchSize(command.positive("--batch-size", batchSize))
                        .withAugmentationPlan(augmentation(command))
                        .withBalance(balance(command))
                        .withOptimizer(optimizer(command))
                        .withSchedule(schedule(command))
                        .withTrainable(trainable());
        return patience == null
                ? config
                : config.withPatience(command.positive("--early-stopping", patience));
    }

    private TrainableLayers trainable() {
        if (trainFrom == null) {
            return TrainableLayers.headOnly();
        }
        return switch (trainFrom) {
            case "last-stage" -> TrainableLayers.lastStage();
            case "all" -> TrainableLayers.wholeBackbone();
            default -> TrainableLayers.fromLayer(trainFrom);
        };
    }

    private AugmentationPlan augmentation(Subcommand command) {
        command.positive(COPIES, copies);
        if (!augment.equals(POSITIVES) && command.isGiven(COPIES)) {
            throw command.usage("%s needs --augment %s, which is %s", COPIES, POSITIVES, augment);
        }
        Augmentation changes = Augmentation.defaults();
        Map<String, Function<double[], AugmentationPlan>> forms = new LinkedHashMap<>();
        forms.put(POSITIVES, n -> AugmentationPlan.positiveCopies(copies, changes));
        forms.put("all", n -> AugmentationPlan.everyImage(FineTuneConfig.DEFAULT_DRAWS, changes));
        forms.put("all:DRAWS", n -> AugmentationPlan.everyImage(whole(n[0]), changes));
        forms.put("none", n -> AugmentationPlan.positiveCopies(1, Augmentation.none()));
        return choice(command, "--augment", augment, forms);
    }

    private ClassBalance balance(Subcommand command) {
        Map<String, Function<double[], ClassBalance>> forms = new LinkedHashMap<>();
        forms.put("weighted", n -> ClassBalance.WEIGHTED_LOSS);
        forms.put("none", n -> ClassBalance.NONE);
        return choice(command, "--balance", balance, forms);
    }

    private Optimizer optimizer(Subcommand command) {
        Map<String, Function<double[], Optimizer>> forms = new LinkedHashMap<>();
        forms.put("adam", n -> Optimizer.adam());
        forms.put("sgd", n -> Optimizer.sgdMomentum(MOMENTUM));
        forms.put("sgd:MOMENTUM", n -> Optimizer.sgdMomentum(n[0]));
        return choice(command, "--optimizer", optimizer, forms);
    }

    private LearningRateSchedule schedule(Subcommand command) {
        int length = epochs.get(command);
        Map<String, Function<double[], LearningRateSchedule>> forms = new LinkedHashMap<>();
        forms.put("constant", n -> LearningRateSchedule.constant());
        forms.put("step:FACTOR:EPOCHS", n -> LearningRateSchedule.stepDecay(n[0], whole(n[1])));
        forms.put("cosine", n -> LearningRateSchedule.cosineDecay(0, length));
        forms.put(
                "cosine:WARM-UP-EPOCHS",
                n -> LearningRateSchedule.cosineDecay(whole(n[0]), length));
        return choice(command, "--schedule", schedule, forms);
    }

    /**
     * Reads a value such as {@code step:0.1:7}.
     *
     * @param forms accepted values: a word, then a placeholder for each number, separated by colons
     */
    static <T> T choice(
            Subcommand command,
            String option,
            String value,
            Map<String, Function<double[], T>> forms) {
        List<String> parts = List.of(value.split(":", -1));
        for (Map.Entry<String, Function<double[], T>> form : forms.entrySet()) {
            List<String> names = List.of(form.getKey().split(":"));
            if (names.get(0).equals(parts.get(0)) && names.size() == parts.size()) {
                try {
                    return form.getValue()
                            .apply(parts.stream().skip(1).mapToDouble(Double::valueOf).toArray());
                } catch (NumberFormatException e) {
                    throw command.usage(
                            "%s is '%s'; expected %s with numbers", option, value, form.getKey());
                } catch (IllegalArgumentException e) {
                    throw command.usage("%s is '%s': %s", option, value, e.getMessage());
                }
            }
        }
        throw command.usage("%s is '%s'; expected one of %s", option, value, forms.keySet());
    }

    private static int whole(double number) {
        if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(number + " is not a whole number");
        }
        return (int) number;
    }
}
