/* The first bytes of what strangers send as a picture. */
#include <stdlib.h>
#include "picture/picture.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
    struct picture_about about = picture_look(data, len);
    if (about.width < 0 || about.height < 0 || (picture_is_fit(&about) && about.kind == PICTURE_NONE))
        abort();
    return 0;
}
