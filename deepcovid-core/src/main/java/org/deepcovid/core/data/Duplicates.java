package org.deepcovid.core.data;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.deepcovid.core.image.RasterImage;
import org.deepcovid.core.io.FileHashes;

/** Images that are equal in their bytes or in their decoded pixels. */
final class Duplicates {

    static final String SHA256 = "sha256";

    static final String RULE =
            "equal-images: of images with equal bytes or pixels the first is kept, and their"
                    + " patients count as one; if their labels differ, all are left out";

    private final Map<String, Fingerprint> fingerprints = new ConcurrentHashMap<>();
    private final Map<String, String> samePatient = new HashMap<>();

    private record Fingerprint(String bytes, String pixels, List<String> remarks) {

        private boolean hasBytesOf(Fingerprint other) {
            return bytes.equals(other.bytes);
        }
    }

    /**
     * Reads and decodes every image that was not read before, once, in parallel.
     *
     * @throws org.deepcovid.core.DatasetException naming the images that cannot be decoded
     */
    void read(List<LabelledImage> images) {
        Problems problems = new Problems("images to compare");
        problems.addAll(
                ImageChecks.undecodable(
                        images.stream()
                                .filter(image -> !fingerprints.containsKey(image.id()))
                                .toList(),
                        (image, remark) -> {},
                        (image, decoded) ->
                                fingerprints.put(
                                        image.id(),
                                        new Fingerprint(
                                                image.sha256(),
                                                pixels(decoded),
                                                decoded.remarks()))));
        problems.throwIfAny("replace these files or remove them from the datasets");
    }

    /** What is odd about an image that was read. */
    List<String> remarks(LabelledImage image) {
        return fingerprints.get(image.id()).remarks();
    }

    /** Equal for a grey image and its copy with three equal channels. */
    private static String pixels(RasterImage image) {
        byte[] samples = image.toBytes();
        MessageDigest digest = FileHashes.newDigest();
        digest.update((byte) image.width());
        digest.update((byte) (image.width() >> 8));
        if (image.channels() == 3 && isGrey(samples)) {
            for (int i = 0; i < samples.length; i += 3) {
                digest.update(samples[i]);
            }
        } else {
            digest.update(samples);
        }
        return FileHashes.hex(digest);
    }

    private static boolean isGrey(byte[] samples) {
        for (int i = 0; i < samples.length; i += 3) {
            if (samples[i] != samples[i + 1] || samples[i] != samples[i + 2]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Applies {@link #RULE}.
     *
     * @param images that were read
     * @param leftOut receives an image and the reason
     * @return what is kept, in order, with the attribute {@value #SHA256}
     */
    List<LabelledImage> remove(
            List<LabelledImage> images, BiConsumer<LabelledImage, String> leftOut) {
        Map<String, LabelledImage> first = new LinkedHashMap<>();
        Set<String> conflicts = new HashSet<>();
        for (LabelledImage image : images) {
            String pixels = fingerprints.get(image.id()).pixels();
            LabelledImage earlier = first.putIfAbsent(pixels, image);
            if (earlier != null) {
                link(earlier, image);
                if (!earlier.label().equals(image.label())) {
                    conflicts.add(pixels);
                }
            }
        }
        List<LabelledImage> kept = new ArrayList<>();
        for (LabelledImage image : images) {
            Fingerprint own = fingerprints.get(image.id());
            LabelledImage earlier = first.get(own.pixels());
            if (conflicts.contains(own.pixels())) {
                leftOut.accept(image, "equal images with different labels: as " + earlier.id());
            } else if (!image.equals(earlier)) {
                String equal = own.hasBytesOf(fingerprints.get(earlier.id())) ? "bytes" : "pixels";
                leftOut.accept(image, "equal %s: as %s".formatted(equal, earlier.id()));
            } else {
                kept.add(image.with(patient(image.patient()), Map.of(SHA256, own.bytes())));
            }
        }
        return kept;
    }

    /** Two patients become one, by preference one that a dataset names. */
    private void link(LabelledImage a, LabelledImage b) {
        String first = patient(a.patient());
        String second = patient(b.patient());
        if (!first.equals(second)) {
            boolean keepSecond = first.equals(a.id()) && b.patientKnown();
            samePatient.put(keepSecond ? first : second, keepSecond ? second : first);
        }
    }

    private String patient(String name) {
        String patient = name;
        while (samePatient.containsKey(patient)) {
            patient = samePatient.get(patient);
        }
        return patient;
    }
}
