package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deepcovid.core.image.dicom.DicomMetadata;

/** Images whose DICOM headers say that their scores may mislead: the column {@code flags}. */
public final class ImageFlags {

    private static final int MOST_NAMED = 3;

    private ImageFlags() {}

    /**
     * One sentence for each flag that occurs, with a few of the images.
     *
     * @param images of a dataset
     * @return such as {@code "2 of 80 images are flagged 'lateral view': covid/a.dcm, non/b.dcm"}
     */
    public static List<String> describe(List<LabelledImage> images) {
        Map<String, List<String>> flagged = new LinkedHashMap<>();
        for (LabelledImage image : images) {
            for (String flag :
                    image.attributes().getOrDefault(DicomMetadata.FLAGS, "").split(";", -1)) {
                if (!flag.isBlank()) {
                    flagged.computeIfAbsent(flag.strip(), unseen -> new ArrayList<>())
                            .add(image.id());
                }
            }
        }
        List<String> sentences = new ArrayList<>();
        flagged.forEach(
                (flag, ids) ->
                        sentences.add(
                                "%d of %d images are flagged '%s': %s%s"
                                        .formatted(
                                                ids.size(),
                                                images.size(),
                                                flag,
                                                String.join(
                                                        ", ",
                                                        ids.subList(
                                                                0,
                                                                Math.min(MOST_NAMED, ids.size()))),
                                                ids.size() > MOST_NAMED ? " and others" : "")));
        return sentences;
    }
}
