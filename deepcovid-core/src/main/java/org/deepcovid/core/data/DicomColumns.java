package org.deepcovid.core.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deepcovid.core.image.dicom.DicomMetadata;
import org.deepcovid.core.image.dicom.PatientKey;

/** Completes what a dataset does not say about its images by the headers of DICOM files. */
final class DicomColumns {

    private DicomColumns() {}

    /**
     * Reads the beginning of every file, in parallel, except of those with the ending of another
     * format: listing a large dataset opens none of them.
     */
    static List<LabelledImage> complete(List<LabelledImage> images, PatientKey key) {
        return images.parallelStream().map(image -> complete(image, key)).toList();
    }

    private static LabelledImage complete(LabelledImage image, PatientKey key) {
        Optional<DicomMetadata> header =
                FolderFiles.hasOtherEnding(image.id())
                        ? Optional.empty()
                        : image.radiograph().file().flatMap(DicomMetadata::of);
        if (header.isEmpty()) {
            return image;
        }
        Map<String, String> missing = new LinkedHashMap<>(header.get().columns());
        missing.keySet().removeAll(image.attributes().keySet());
        Optional<String> patient =
                image.patientKnown() ? Optional.empty() : header.get().patient(key);
        return image.with(patient.orElse(image.patient()), missing);
    }
}
