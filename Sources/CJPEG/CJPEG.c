#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

/* A progressive picture may repeat its scans without end. */
#define MOST_SCANS 500

struct failure {
    struct jpeg_error_mgr manager;
    jmp_buf escape;
    char *message;
};

static void leave(j_common_ptr info) {
    struct failure *failure = (struct failure *)info->err;
    char text[JMSG_LENGTH_MAX];
    failure->manager.format_message(info, text);
    snprintf(failure->message, LATENT_JPEG_MESSAGE, "%.*s", LATENT_JPEG_MESSAGE - 1, text);
    longjmp(failure->escape, 1);
}

/* libjpeg fills what is missing with grey, and warns: here a file that ends early is an error. */
static void warn(j_common_ptr info, int level) {
    if (level < 0 && info->err->msg_code == JWRN_JPEG_EOF) leave(info);
}

static void count_scans(j_common_ptr info) {
    struct failure *failure = (struct failure *)info->err;
    if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > MOST_SCANS) {
        snprintf(failure->message, LATENT_JPEG_MESSAGE, "more than %d scans", MOST_SCANS);
        longjmp(failure->escape, 1);
    }
}

static void begin(struct jpeg_decompress_struct *info, struct failure *failure, char *message) {
    memset(info, 0, sizeof *info);
    info->err = jpeg_std_error(&failure->manager);
    failure->manager.error_exit = leave;
    failure->manager.emit_message = warn;
    failure->message = message;
    message[0] = 0;
}

int latent_jpeg_size(const unsigned char *bytes, size_t count, int *width, int *height, int *channels, char *message) {
    struct jpeg_decompress_struct info;
    struct failure failure;
    begin(&info, &failure, message);
    if (setjmp(failure.escape)) {
        jpeg_destroy_decompress(&info);
        return -1;
    }
    jpeg_create_decompress(&info);
    jpeg_mem_src(&info, bytes, count);
    jpeg_read_header(&info, TRUE);
    *width = (int)info.image_width;
    *height = (int)info.image_height;
    *channels = info.num_components == 1 ? 1 : 3;
    jpeg_destroy_decompress(&info);
    return 0;
}

int latent_jpeg_decode(const unsigned char *bytes, size_t count, int channels, unsigned char *pixels, size_t capacity,
                       char *message) {
    struct jpeg_decompress_struct info;
    struct jpeg_progress_mgr progress;
    struct failure failure;
    begin(&info, &failure, message);
    if (setjmp(failure.escape)) {
        jpeg_destroy_decompress(&info);
        return -1;
    }
    jpeg_create_decompress(&info);
    memset(&progress, 0, sizeof progress);
    progress.progress_monitor = count_scans;
    info.progress = &progress;
    jpeg_mem_src(&info, bytes, count);
    jpeg_read_header(&info, TRUE);
    info.out_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&info);
    size_t stride = (size_t)info.output_width * (size_t)info.output_components;
    if (info.output_components != channels || stride * info.output_height != capacity) {
        snprintf(message, LATENT_JPEG_MESSAGE, "not as large as its header says");
        jpeg_destroy_decompress(&info);
        return -1;
    }
    while (info.output_scanline < info.output_height) {
        JSAMPROW row = pixels + stride * info.output_scanline;
        jpeg_read_scanlines(&info, &row, 1);
    }
    jpeg_finish_decompress(&info);
    jpeg_destroy_decompress(&info);
    return 0;
}
