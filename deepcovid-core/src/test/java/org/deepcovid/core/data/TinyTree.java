package org.deepcovid.core.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.deepcovid.testing.DicomFile;

/** Writes miniature datasets of images of 8 x 8 pixels. */
final class TinyTree {

    static final String CHEXPERT =
            "Path,Sex,Age,Frontal/Lateral,AP/PA,No Finding,Enlarged Cardiomediastinum,"
                    + "Cardiomegaly,Lung Opacity,Lung Lesion,Edema,Consolidation,Pneumonia,"
                    + "Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,"
                    + "Support Devices";

    static final String COVID_CHESTXRAY =
            "patientid,offset,sex,age,finding,RT_PCR_positive,survival,intubated,"
                    + "intubation_present,went_icu,in_icu,needed_supplemental_O2,extubated,"
                    + "temperature,pO2_saturation,leukocyte_count,neutrophil_count,"
                    + "lymphocyte_count,view,modality,date,location,folder,filename,doi,url,"
                    + "license,clinical_notes,other_notes,";

    private final Path root;

    TinyTree(Path root) {
        this.root = root;
    }

    /** Writes images that differ from all others of this tree's folder. */
    TinyTree images(String... names) {
        for (String name : names) {
            image(name, root.resolve(name).hashCode());
        }
        return this;
    }

    /** Writes an image; equal seeds give equal pixels, in every format without loss. */
    TinyTree image(String name, long seed) {
        if (name.endsWith(".dcm") || name.endsWith(".dicom")) {
            dicom(seed).write(root.resolve(name));
            return this;
        }
        BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_BYTE_GRAY);
        image.getRaster().setDataElements(0, 0, 8, 8, pixels(seed));
        try {
            Path file = root.resolve(name);
            Files.createDirectories(file.getParent());
            String ending = name.substring(name.lastIndexOf('.') + 1);
            if (!ImageIO.write(image, ending, file.toFile())) {
                throw new IllegalArgumentException("no writer for " + name);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    static DicomFile dicom(long seed) {
        return DicomFile.of(8, 8, pixels(seed));
    }

    private static byte[] pixels(long seed) {
        byte[] pixels = new byte[64];
        new Random(seed).nextBytes(pixels);
        return pixels;
    }

    TinyTree text(String name, String... lines) {
        try {
            Files.createDirectories(root.resolve(name).getParent());
            Files.write(root.resolve(name), List.of(lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** A line of CheXpert's lists. */
    static String chexpert(String path, String view, String finding, String value) {
        StringBuilder line =
                new StringBuilder("CheXpert-v1.0-small/%s,Female,68,%s,AP".formatted(path, view));
        for (String name : CheXpert.FINDINGS) {
            line.append(',').append(finding.contains(name) ? value : "");
        }
        return line.toString();
    }

    /** A line of the metadata of covid-chestxray-dataset. */
    static String covid(String patient, String finding, String view, String modality, String file) {
        return "%s,0,M,65,%s,Y,,,,,,,,,,,,,%s,%s,2020,\"Hanoi, Vietnam\",images,%s,,https://a.b,CC BY,,,"
                .formatted(patient, finding, view, modality, file);
    }
}
