package org.deepcovid.core.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.deepcovid.core.io.RecordJournal;
import org.deepcovid.core.training.EarlierWork.Finding;
import org.deepcovid.core.training.EarlierWork.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rows of numbers by key, in a journal, if there is one. */
final class KeptRows {

    private static final Logger LOG = LoggerFactory.getLogger(KeptRows.class);

    private final boolean resume;
    private final FineTuneListener listener;
    private final int earlier;
    private final boolean other;
    private Optional<RecordJournal> journal;
    private boolean told;

    private KeptRows() {
        this.journal = Optional.empty();
        this.resume = false;
        this.listener = FineTuneListener.SILENT;
        this.earlier = 0;
        this.other = false;
    }

    /**
     * Rows in a journal.
     *
     * @param resume whether those of an earlier run are used
     * @param listener is told whether there are any
     */
    KeptRows(RecordJournal journal, boolean resume, FineTuneListener listener) {
        this.journal = Optional.of(journal);
        this.resume = resume;
        this.listener = listener;
        this.earlier = journal.size();
        this.other = journal.hasReplacedOther();
    }

    /** Keeps nothing. */
    static KeptRows none() {
        return new KeptRows();
    }

    boolean keeps() {
        return journal.isPresent();
    }

    boolean contains(String key) {
        return resume && journal.isPresent() && journal.get().contains(key);
    }

    /** The rows of a key that {@link #contains} knows. */
    float[] read(String key) {
        try {
            byte[] bytes = journal.orElseThrow().find(key).orElseThrow();
            float[] values = new float[bytes.length / Float.BYTES];
            ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read kept features: " + e, e);
        }
    }

    /** Keeps rows at once; after a failure, such as on a full disk, none are kept any more. */
    void put(String key, float[] values) {
        if (journal.isEmpty()) {
            return;
        }
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        try {
            journal.get().put(key, bytes.array());
        } catch (IOException e) {
            LOG.warn("features are kept no more: {}", e.toString());
            journal = Optional.empty();
        }
    }

    /**
     * Tells, at the first call, what there was.
     *
     * @param used forms of images whose rows are used
     */
    void tell(int used) {
        if (told || journal.isEmpty()) {
            return;
        }
        told = true;
        if (used > 0) {
            listener.onEarlierWork(new EarlierWork(Kind.FEATURES, Finding.USED, used));
        } else if (other || (resume && earlier > 0)) {
            listener.onEarlierWork(new EarlierWork(Kind.FEATURES, Finding.OF_ANOTHER_RUN, 0));
        } else if (earlier > 0) {
            listener.onEarlierWork(new EarlierWork(Kind.FEATURES, Finding.NOT_USED, earlier));
        } else if (resume) {
            listener.onEarlierWork(new EarlierWork(Kind.FEATURES, Finding.NONE, 0));
        }
    }
}
