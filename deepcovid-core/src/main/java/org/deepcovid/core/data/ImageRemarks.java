package org.deepcovid.core.data;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.deepcovid.core.image.dicom.DicomMetadata;

/** What is odd about images of a dataset, and about which. */
public final class ImageRemarks {

    private static final int MOST_NAMED = 3;

    private final SortedMap<String, List<String>> ids = new TreeMap<>();

    /** Without remarks. */
    public ImageRemarks() {}

    /** The remarks that DICOM headers give, in the column {@code flags}: no image is decoded. */
    public static ImageRemarks ofHeaders(List<LabelledImage> images) {
        ImageRemarks remarks = new ImageRemarks();
        for (LabelledImage image : images) {
            for (String flag :
                    image.attributes().getOrDefault(DicomMetadata.FLAGS, "").split(";", -1)) {
                if (!flag.isBlank()) {
                    remarks.add(image, flag.strip());
                }
            }
        }
        return remarks;
    }

    /** Adds a remark on an image. */
    public void add(LabelledImage image, String remark) {
        ids.computeIfAbsent(remark, unseen -> new ArrayList<>()).add(image.id());
    }

    /**
     * One line for each remark, with a few of the images.
     *
     * @param images number of all images
     * @return such as {@code "remark on 2 of 80 images: lateral view: covid/a.dcm, non/b.dcm"}
     */
    public List<String> describe(int images) {
        List<String> lines = new ArrayList<>();
        ids.forEach(
                (remark, of) ->
                        lines.add(
                                "remark on %d of %d images: %s: %s%s"
                                        .formatted(
                                                of.size(),
                                                images,
                                                remark,
                                                String.join(
                                                        ", ",
                                                        of.subList(
                                                                0,
                                                                Math.min(MOST_NAMED, of.size()))),
                                                of.size() > MOST_NAMED ? " and others" : "")));
        return lines;
    }
}
